import { z } from "zod";
import type { Permission } from "#server/permissions.ts";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";
import { userSelection } from "../users/contract.ts";

export const bulkActionNames = [
  "add_to_groups",
  "remove_from_groups",
  "suspend",
  "reactivate",
  "resend_invitation",
  "revoke_invitation",
  "send_password_link",
  "clear_mail_failure",
  "delete",
] as const;
export type BulkActionName = (typeof bulkActionNames)[number];

/** What is done to many people: an action, or what takes one back. */
export type BulkVerb = BulkActionName | "restore";

/** What takes back what an action did. Emails have gone, and a link that is dead stays dead. */
export const inverses: Partial<Record<BulkActionName, BulkVerb>> = {
  add_to_groups: "remove_from_groups",
  remove_from_groups: "add_to_groups",
  suspend: "reactivate",
  reactivate: "suspend",
  delete: "restore",
};

/** Whoever may do it to one user may do it to many. */
export const bulkActionPermissions: Record<BulkVerb, Permission> = {
  add_to_groups: "groups.update",
  remove_from_groups: "groups.update",
  suspend: "users.update",
  reactivate: "users.update",
  resend_invitation: "invitations.manage",
  revoke_invitation: "invitations.manage",
  send_password_link: "invitations.manage",
  clear_mail_failure: "messages.send",
  delete: "users.delete",
  restore: "users.create",
};

const ofGroups: readonly BulkActionName[] = ["add_to_groups", "remove_from_groups"];

const whatAndWhom = z.object({
  action: z.enum(bulkActionNames),
  groupIds: z
    .array(z.uuid())
    .max(20, "At most 20 groups at once.")
    .default([])
    .describe("For what is done with groups."),
  selection: userSelection,
});

const groupsFit = ({ action, groupIds }: { action: BulkActionName; groupIds: readonly string[] }) =>
  ofGroups.includes(action) === groupIds.length > 0;
const groupsDoNotFit = {
  path: ["groupIds"],
  message: "Choose groups for what is done with groups, and none otherwise.",
};

/** Why somebody is left as they are. */
export const refusalReason = z.enum(["yourself", "above", "not_invited", "not_active", "mail_failed"]);
export type RefusalReason = z.output<typeof refusalReason>;
/** Why undoing left somebody as they are. */
const keptReason = z.enum([
  ...refusalReason.options,
  "changed_since",
  "restored",
  "deleted_again",
  "address_taken",
  "full",
  "gone",
]);
export type KeptReason = z.output<typeof keptReason>;

export const bulkPlan = z.object({
  id: z.uuid().describe("Names the action when it is started: started twice it runs once."),
  people: z.int().describe("Who is selected."),
  changed: z.int(),
  unchanged: z.int().describe("Who is so already."),
  names: z.array(z.string()).describe("The first of those who are changed."),
  refused: z.array(
    z.object({
      reason: refusalReason,
      people: z.int(),
      names: z.array(z.string()).describe("The first of them."),
    }),
  ),
  emails: z.int(),
  canUndo: z.boolean(),
  hash: z.string().describe("Stands for all of it, person by person."),
  seatBelt: z
    .object({ reasons: z.array(z.string()), phrase: z.string() })
    .nullable()
    .describe("What should make somebody stop and look, and what they type to confirm it."),
});
export type BulkPlan = z.output<typeof bulkPlan>;

export const bulkActionState = z.enum(["running", "finished", "cancelled", "undoing", "undone"]);

export const bulkActionSchema = z.object({
  id: z.uuid(),
  action: z.enum(bulkActionNames),
  groups: z.array(z.object({ id: z.uuid(), name: z.string().nullable().describe("null: it was deleted.") })),
  state: bulkActionState,
  people: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  undone: z.int(),
  kept: z.int().describe("Of those who were changed: whom undoing left as they are."),
  startedBy: z.object({ id: z.uuid(), name: z.string().nullable() }),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  canUndo: z.boolean(),
  problem: z.string().nullable(),
});
export type BulkAction = z.output<typeof bulkActionSchema>;

const params = tenantParams.extend({ bulkActionId: z.uuid() });

export const previewBulkAction = endpoint({
  method: "POST",
  path: "/t/:tenant/bulk-actions/preview",
  summary: "What an action on many users would do, person by person; nothing is changed",
  params: tenantParams,
  body: whatAndWhom.refine(groupsFit, groupsDoNotFit),
  output: bulkPlan,
  errors: ["group.unknown"],
});

export const startBulkAction = endpoint({
  method: "POST",
  path: "/t/:tenant/bulk-actions",
  summary: "Carry out what was looked at, in the background",
  params: tenantParams,
  body: whatAndWhom
    .extend({
      id: z.uuid().describe("From the preview."),
      hash: z.string().max(100).describe("From the preview: only what was looked at is done."),
      confirmation: z.string().max(200).optional(),
    })
    .refine(groupsFit, groupsDoNotFit),
  output: bulkActionSchema,
  status: 202,
  errors: [
    "group.unknown",
    "bulk_action.plan_changed",
    "bulk_action.nothing_to_do",
    "bulk_action.confirmation_needed",
  ],
});

export const listBulkActions = endpoint({
  method: "GET",
  path: "/t/:tenant/bulk-actions",
  summary: "Actions on many users, the newest first",
  params: tenantParams,
  query: z.object({
    action: z.enum(bulkActionNames).optional(),
    state: bulkActionState.optional(),
    startedBy: z.uuid().optional().describe("Who began it."),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  output: z.object({ items: z.array(bulkActionSchema), nextCursor: z.string().nullable() }),
  errors: ["cursor.invalid"],
});

export const getBulkAction = endpoint({
  method: "GET",
  path: "/t/:tenant/bulk-actions/:bulkActionId",
  summary: "One action on many users, and how far it is",
  params,
  output: bulkActionSchema,
  errors: ["not_found"],
});

export const bulkPerson = z.object({
  userId: z.uuid(),
  name: z.string().nullable().describe("null: erased."),
  email: z.string().nullable(),
  deleted: z.boolean().describe("They are among the deleted users now."),
  reason: keptReason.nullable().describe("Why they were refused, or kept when it was undone."),
  holder: z
    .object({ id: z.uuid(), name: z.string() })
    .nullable()
    .describe("Where the reason is that their address is taken: who has it now."),
});
export type BulkPerson = z.output<typeof bulkPerson>;

export const listBulkActionPeople = endpoint({
  method: "GET",
  path: "/t/:tenant/bulk-actions/:bulkActionId/people",
  summary: "Who of an action's people had which outcome",
  params,
  query: z.object({
    outcome: z.enum(["changed", "unchanged", "refused", "undone", "kept"]).default("changed"),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({ items: z.array(bulkPerson), nextCursor: z.string().nullable() }),
  errors: ["not_found", "cursor.invalid"],
});

export const cancelBulkAction = endpoint({
  method: "POST",
  path: "/t/:tenant/bulk-actions/:bulkActionId/cancel",
  summary: "Stop an action; what is done stays, and can be undone",
  params,
  output: bulkActionSchema,
  errors: ["not_found", "bulk_action.already_finished"],
});

export const restorePlan = z.object({
  restored: z.int().describe("Who comes back."),
  kept: z.array(z.object({ reason: keptReason, people: z.int() })).describe("Who does not, and why."),
});
export type RestorePlan = z.output<typeof restorePlan>;

export const previewRestoring = endpoint({
  method: "GET",
  path: "/t/:tenant/bulk-actions/:bulkActionId/undo",
  summary: "What undoing a deletion would do, as things stand; nothing is changed",
  params,
  output: restorePlan,
  errors: ["not_found", "bulk_action.cannot_undo", "bulk_action.not_yours_to_undo"],
});

export const undoBulkAction = endpoint({
  method: "POST",
  path: "/t/:tenant/bulk-actions/:bulkActionId/undo",
  summary: "Take back what an action did, of exactly those whom it changed",
  params,
  output: bulkActionSchema,
  errors: ["not_found", "bulk_action.cannot_undo", "bulk_action.not_yours_to_undo"],
});
