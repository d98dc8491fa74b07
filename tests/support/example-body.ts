import type { Endpoint } from "#server/platform/http/endpoint.ts";

const wording = { subject: "Mine", heading: "Mine", intro: "Mine", button: "Mine", closing: "Mine" };

/** A body that an endpoint's schema accepts, so that a refusal comes from the rule under test and not from the form. */
const bodies: Record<string, unknown> = {
  "POST /t/:tenant/session": { email: "nobody@example.org", password: "a wrong password" },
  "POST /t/:tenant/session/second-factor": { way: "authenticator", code: "000000" },
  "POST /t/:tenant/session/passkey": {
    passkey: {
      id: "x",
      rawId: "x",
      type: "public-key",
      response: { clientDataJSON: "x", authenticatorData: "x", signature: "x", userHandle: "x" },
    },
  },
  "POST /t/:tenant/me/confirm": { password: "a wrong password" },
  "POST /t/:tenant/me/authenticator": { setUp: "nothing", code: "000000" },
  "POST /t/:tenant/me/passkeys": {
    setUp: "nothing",
    name: "A stranger's",
    passkey: {
      id: "x",
      rawId: "x",
      type: "public-key",
      response: { clientDataJSON: "x", attestationObject: "x" },
    },
  },
  "PATCH /t/:tenant/me/passkeys/:passkeyId": { name: "Renamed by a stranger" },
  "PATCH /t/:tenant/me": { language: "de" },
  "POST /t/:tenant/me/password": {
    currentPassword: "a wrong password",
    newPassword: "seven yellow bicycles",
  },
  "POST /t/:tenant/password-resets": { email: "nobody@example.org" },
  "POST /t/:tenant/links/check": { token: "invitation.x.1.x" },
  "POST /t/:tenant/links/renew": { token: "invitation.x.1.x" },
  "POST /t/:tenant/links/use": { token: "invitation.x.1.x", password: "seven yellow bicycles" },
  "PATCH /t/:tenant/settings": { version: 1, name: "Renamed by a stranger" },
  "POST /t/:tenant/groups": { name: "Walked", description: "", active: true },
  "PATCH /t/:tenant/groups/:groupId": { version: 1, name: "Renamed by a stranger" },
  "POST /t/:tenant/groups/:groupId/members": { add: [], remove: [] },
  "POST /t/:tenant/groups/:groupId/members/by-address": { text: "nobody@example.org" },
  "POST /t/:tenant/users": {
    mode: "invite",
    firstName: "Walk",
    lastName: "Er",
    email: "walker@example.org",
    groupIds: [],
  },
  "POST /t/:tenant/users.csv": { selection: { filter: {} } },
  "POST /t/:tenant/users.xlsx": { selection: { filter: {} } },
  "PATCH /t/:tenant/users/:userId": { version: 1, firstName: "Renamed" },
  "POST /t/:tenant/users/:userId/erase": { email: "nobody@example.org" },
  "POST /t/:tenant/users/:userId/transfer-ownership": { role: "member" },
  "PATCH /t/:tenant/imports/:importId": { createMissingGroups: true },
  "PATCH /t/:tenant/imports/:importId/files/:fileNo": { kind: "invite" },
  "PATCH /t/:tenant/imports/:importId/rows/:fileNo/:rowNo": { firstName: "Stranger", suspended: true },
  "POST /t/:tenant/imports/:importId/leavers": { ticked: true },
  "POST /t/:tenant/imports/:importId/apply": { planHash: "none" },
  "POST /t/:tenant/imports/:importId/undo": { planHash: "none" },
  "POST /t/:tenant/imports/:importId/mail/release": {},
  "POST /t/:tenant/messages/retry-failed": {},
  "PUT /t/:tenant/wordings/:kind/:language": { ...wording, version: 0 },
  "POST /t/:tenant/wordings/:kind/:language/preview": wording,
  "PUT /t/:tenant/mail-server": { server: null, revision: null },
  "POST /t/:tenant/mail-server/test": { server: null },
  "PUT /t/:tenant/import-safety": { changedPercent: 20, emails: 1000, newGroups: 5, version: 0 },
  "POST /t/:tenant/bulk-actions/preview": { action: "suspend", selection: { filter: {} } },
  "POST /t/:tenant/bulk-actions": {
    id: "00000000-0000-7000-8000-000000000001",
    action: "suspend",
    selection: { filter: {} },
    hash: "none",
  },
  "POST /setup/check": { secret: "no such secret" },
  "POST /setup": {
    secret: "no such secret",
    tenantName: "T",
    slug: "another",
    timeZone: "Europe/Berlin",
    firstName: "A",
    lastName: "B",
    email: "a@example.org",
    password: "seven yellow bicycles",
  },
};

export function exampleBody(endpoint: Endpoint): unknown {
  const name = `${endpoint.method} ${endpoint.path}`;
  if (endpoint.body && !(name in bodies))
    throw new Error(`Give an example of a body for ${name} in example-body.ts.`);
  return bodies[name];
}
