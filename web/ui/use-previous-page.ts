import { useCanGoBack, useRouter } from "@tanstack/react-router";

/** For lists that know only their next page: back the way somebody came, or to the first page where they came from nowhere. */
export function usePreviousPage(first: () => void) {
  const canGoBack = useCanGoBack();
  const { history } = useRouter();
  return () => (canGoBack ? history.back() : first());
}
