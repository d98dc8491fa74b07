import type { Role } from "#server/permissions.ts";
import { membershipSource } from "../groups/store-memberships.ts";
import type { Language } from "../tenants/tenant-settings.ts";
import type { Incoming } from "./add-users.ts";
import { emailKey } from "./email-address.ts";
import { nameKeys } from "./person-name.ts";

export type IncomingPerson = {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  role: Role;
  /** Of emails; null: the tenant's. */
  language?: Language | null;
  groupIds: readonly string[];
  /** Of a created user; null for an invited one. */
  passwordHash: string | null;
  sealedPassword: Buffer | null;
};

/** People held in memory, as `addUsers` takes them. */
export function incomingPeople(people: readonly IncomingPerson[]): Incoming {
  const keys = people.map((person) => nameKeys(person.firstName, person.lastName));
  return {
    people: {
      sql: `select p.*, false suspended from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::text[], $9::text[], $10::text[], $11::bytea[], $12::text[])
            p(id, email, email_key, first_name, last_name, name_key, given_key, role, password_hash, sealed_password,
              language)`,
      values: [
        people.map((person) => person.id),
        people.map((person) => person.email),
        people.map((person) => emailKey(person.email)),
        people.map((person) => person.firstName),
        people.map((person) => person.lastName),
        keys.map((key) => key.nameKey),
        keys.map((key) => key.givenKey),
        people.map((person) => person.role),
        people.map((person) => person.passwordHash),
        people.map((person) => person.sealedPassword),
        people.map((person) => person.language ?? null),
      ],
    },
    memberships: membershipSource(
      people.flatMap((person) =>
        [...new Set(person.groupIds)].map((groupId) => ({ userId: person.id, groupId })),
      ),
    ),
  };
}
