import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";
import { checkGroupName, typedGroupNameMaximum } from "./group-name.ts";

/** 1 to 100 characters, no `;` (it separates groups in import files), no control characters. */
export const groupName = z
  .string()
  .max(typedGroupNameMaximum, "Group name is too long. Shorten it.")
  .transform((value, context) => {
    const checked = checkGroupName(value);
    if (checked.ok) return checked.name;
    context.addIssue({ code: "custom", message: checked.message });
    return z.NEVER;
  });

const description = z.string().trim().max(500, "At most 500 characters.");

export const groupSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  active: z.boolean().describe("An inactive group keeps its members and grants nothing."),
  protected: z.boolean().describe("A protected group cannot be deleted."),
  members: z.int(),
  version: z.int().describe("Send it back with a change: a change made meanwhile is then not overwritten."),
  createdAt: z.iso.datetime(),
});
export type Group = z.output<typeof groupSchema>;

/** What is shown of a group beside a user and in pickers. */
export const groupLabel = z.object({ id: z.uuid(), name: z.string(), active: z.boolean() });
export type GroupLabel = z.output<typeof groupLabel>;

export const groupInput = z.object({
  name: groupName,
  description: description.default(""),
  active: z.boolean().default(true),
});

export const groupParams = tenantParams.extend({ groupId: z.uuid() });

export const listGroups = endpoint({
  method: "GET",
  path: "/t/:tenant/groups",
  summary: "The groups, by name",
  params: tenantParams,
  query: z.object({
    search: z.string().max(100).optional().describe("A part of a name."),
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({ items: z.array(groupSchema), nextCursor: z.string().nullable() }),
  errors: ["cursor.invalid"],
});

export const getGroup = endpoint({
  method: "GET",
  path: "/t/:tenant/groups/:groupId",
  summary: "One group",
  params: groupParams,
  output: groupSchema,
  errors: ["not_found"],
});

export const createGroup = endpoint({
  method: "POST",
  path: "/t/:tenant/groups",
  summary: "Create a group",
  params: tenantParams,
  body: groupInput,
  output: groupSchema,
  status: 201,
  errors: ["group.name_taken"],
});

export const updateGroup = endpoint({
  method: "PATCH",
  path: "/t/:tenant/groups/:groupId",
  summary: "Change a group's name, description, active or protected",
  params: groupParams,
  body: z.object({
    version: z.int(),
    name: groupName.optional(),
    description: description.optional(),
    active: z.boolean().optional(),
    protected: z.boolean().optional(),
  }),
  output: groupSchema,
  errors: ["not_found", "changed_meanwhile", "group.name_taken"],
});

export const deleteGroup = endpoint({
  method: "DELETE",
  path: "/t/:tenant/groups/:groupId",
  summary: "Delete a group and its memberships, never its users",
  params: groupParams,
  query: z.object({
    members: z.coerce
      .number()
      .int()
      .min(0)
      .optional()
      .describe("How many whoever deletes it has seen: where there are more by now it is refused."),
  }),
  errors: ["not_found", "group.protected", "group.more_members"],
});

export const changeMembers = endpoint({
  method: "POST",
  path: "/t/:tenant/groups/:groupId/members",
  summary: "Add users to a group and remove users from it; all others stay",
  params: groupParams,
  body: z.object({
    add: z.array(z.uuid()).max(1000).default([]),
    remove: z.array(z.uuid()).max(1000).default([]),
  }),
  output: groupSchema,
  errors: ["not_found", "user.unknown"],
});

export const addMembersByAddress = endpoint({
  method: "POST",
  path: "/t/:tenant/groups/:groupId/members/by-address",
  summary: "Add the users who have these addresses to a group; every address that adds nobody is told",
  params: groupParams,
  body: z.object({
    text: z
      .string()
      .max(500_000, "That is too long. Add them in parts.")
      .describe("Addresses as they were pasted: by line, comma or semicolon, with names beside them or not."),
  }),
  output: z.object({
    group: groupSchema,
    added: z.array(z.string()),
    already: z.array(z.string()).describe("Were members before."),
    notYours: z.array(z.string()).describe("Users whom whoever asks may not change."),
    unknown: z.array(z.string()).describe("No user has this address."),
    unreadable: z
      .array(z.object({ text: z.string(), message: z.string() }))
      .describe("What is no address, and why."),
  }),
  errors: ["not_found", "group.too_many_addresses"],
});
