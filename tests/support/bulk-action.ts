import type { z } from "zod";
import type {
  BulkAction,
  BulkPlan,
  listBulkActionPeople,
  previewBulkAction,
} from "#server/features/bulk-actions/contract.ts";
import { runBulkAction } from "#server/features/bulk-actions/run-bulk-action.ts";
import type { TestInstallation } from "./installation.ts";
import type { Answer, TestPerson, TestTenant } from "./tenant.ts";

export type Wanted = z.input<typeof previewBulkAction.body>;

export const previewBulk = (person: TestPerson, wanted: Wanted): Promise<Answer<BulkPlan>> =>
  person.call("POST", "/bulk-actions/preview", wanted);

/** Looks, and starts exactly that. */
export async function startBulk(person: TestPerson, wanted: Wanted): Promise<BulkAction> {
  const { id, hash, seatBelt } = (await previewBulk(person, wanted)).body;
  const confirmation = seatBelt?.phrase;
  const answer = await person.call<BulkAction>("POST", "/bulk-actions", {
    ...wanted,
    ...{ id, hash, confirmation },
  });
  if (answer.status !== 202) throw new Error(`It was not started: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Works at it until it is done, as the job does, and answers it as it is then. */
export async function workOff(
  { services }: TestInstallation,
  tenant: TestTenant,
  id: string,
): Promise<BulkAction> {
  const door = await services.door(tenant.id);
  if (door) await runBulkAction(door, id, () => false);
  return (await tenant.owner.call<BulkAction>("GET", `/bulk-actions/${id}`)).body;
}

type People = z.output<typeof listBulkActionPeople.output>;

export const peopleWho = async (tenant: TestTenant, id: string, outcome: string) =>
  (await tenant.owner.call<People>("GET", `/bulk-actions/${id}/people?outcome=${outcome}&limit=200`)).body
    .items;
