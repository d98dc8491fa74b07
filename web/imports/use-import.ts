import { getImport, type Import } from "#server/features/imports/contract.ts";
import type { Endpoint } from "#server/platform/http/endpoint.ts";
import type { Input, Output } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { tellProblem } from "../ui/toast.ts";

/** The address of one import, and how a newer picture of it takes the place of the one on screen. */
export function useImport(importId: string) {
  const params = { tenant: useTenant(), importId };
  const show = async (now: Import) => {
    queryClient.setQueryData(read(getImport, { params }).queryKey, now);
    await forget("imports");
  };
  return { params, show };
}

/** What is sent with an operation. */
export type Body<E extends Endpoint> = NonNullable<Input<E>["body"]>;

type AnswersImport = Endpoint & { output: (typeof getImport)["output"] };

/** A change of an import that answers how it is now. Where it is refused that is said, and the import read anew. */
export function useImportChange<E extends AnswersImport>(endpoint: E, importId: string) {
  const { show } = useImport(importId);
  const change = useCall(endpoint);
  const run = async (input: Input<E>) => {
    try {
      await show((await change.mutateAsync(input)) as Output<typeof getImport>);
      return true;
    } catch (problem) {
      tellProblem(problem);
      await forget("imports");
      return false;
    }
  };
  return { run, pending: change.isPending };
}
