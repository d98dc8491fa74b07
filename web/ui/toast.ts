import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { ApiProblem } from "../api.ts";

const close = { closeButtonProps: { "aria-label": "Dismiss" } };

/** Says what happened, in a whole sentence. */
export const tell = (message: ReactNode, shownMs?: number) =>
  notifications.show({
    message,
    withBorder: true,
    role: "status",
    color: "brand",
    ...(shownMs && { autoClose: shownMs }),
    ...close,
  });

/** Says what did not work and why, and stays until it is read. */
export const tellProblem = (problem: unknown) =>
  notifications.show({
    message: problem instanceof ApiProblem ? problem.detail : "That did not work. Try again.",
    color: "red",
    withBorder: true,
    autoClose: false,
    role: "alert",
    ...close,
  });
