import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { ApiProblem } from "../api.ts";
import { Notice } from "../ui/notice.tsx";

/** Instead of a page that could not be shown at all. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const known = error instanceof ApiProblem;
  const again = () => {
    reset();
    void router.invalidate();
  };
  if (known && error.status === 404) return <NotFoundPage />;
  return (
    <Notice
      title={known && error.status === 0 ? "No answer from Muster" : "This page could not be shown"}
      action={<Button onClick={again}>Try again</Button>}
    >
      {known ? error.detail : "Something in the page itself went wrong. Nothing you saved is lost."}
    </Notice>
  );
}

export function NotFoundPage() {
  const title = "There is nothing at this address";
  useDocumentTitle(title);
  return (
    <Notice
      title={title}
      action={
        <Button variant="default" component={Link} to="/">
          Go to the start
        </Button>
      }
    >
      The address may be mistyped, or what was here is gone.
    </Notice>
  );
}
