import { Tooltip } from "@mantine/core";
import { exactTime, relativeTime } from "./time.ts";

/** A moment as people say it, with the exact one on hover. */
export const When = ({ at }: { at: string }) => (
  <Tooltip label={exactTime(at)}>
    <time dateTime={at}>{relativeTime(at, Date.now())}</time>
  </Tooltip>
);
