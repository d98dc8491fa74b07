import { Button } from "@mantine/core";
import type { ApiProblem } from "../api.ts";
import { Notice } from "./notice.tsx";

/** Where something should be that could not be loaded. */
export const LoadFailed = ({ problem, retry }: { problem: ApiProblem; retry: () => unknown }) => (
  <div role="alert">
    <Notice
      title={problem.status === 404 ? "This is not here" : "This could not be loaded"}
      action={
        <Button variant="default" onClick={() => retry()}>
          Try again
        </Button>
      }
    >
      {problem.detail}
    </Notice>
  </div>
);
