import { notFound } from "#server/platform/errors.ts";
import { type Http, type InstanceContext, serve, serveInstance, serveSlowly } from "#server/route.ts";
import * as contract from "./contract.ts";
import { isLocalVisitor } from "./mailbox/local-visitor.ts";
import { listMailbox, mailboxMustBe, readMailbox } from "./mailbox/mailbox.ts";
import { changeServer, presentServer } from "./own-server/change-server.ts";
import { sendTestEmail } from "./own-server/send-test-email.ts";
import { changeWording, resetWording } from "./wordings/change-wording.ts";
import { presentWordings } from "./wordings/present-wordings.ts";
import { previewWording } from "./wordings/preview-wording.ts";

const whole = "the built-in mailbox of the whole installation, for a direct visitor from this machine";

export const mailRoutes = [
  serve(contract.listWordings, { permission: "settings.read", handle: (ctx) => presentWordings(ctx) }),
  serve(contract.changeWording, {
    permission: "settings.change",
    handle: (ctx, { params, body: { version, ...wording } }) =>
      changeWording(ctx, params, { version, wording }),
  }),
  serve(contract.resetWording, {
    permission: "settings.change",
    handle: (ctx, { params }) => resetWording(ctx, params),
  }),
  serve(contract.previewWording, {
    permission: "settings.read",
    handle: (ctx, { params, body }) => previewWording(ctx, { ...params, wording: body }),
  }),
  serve(contract.getMailServer, { permission: "settings.read", handle: (ctx) => presentServer(ctx) }),
  serve(contract.changeMailServer, {
    permission: "mail_server.change",
    handle: (ctx, { body }) => changeServer(ctx, body),
  }),
  serveSlowly(contract.sendTestEmail, {
    permission: "settings.change",
    handle: (door, { body: { server } }, { ip }) => sendTestEmail(door, { server, ip }),
  }),
  serve(contract.listTenantMailbox, {
    permission: "mailbox.read",
    handle: async ({ tx, tenantId, instance }, { query }) => {
      mailboxMustBe(instance.config);
      return listMailbox(tx, tenantId, query);
    },
  }),
  serve(contract.getTenantMailboxMessage, {
    permission: "mailbox.read",
    handle: async ({ tx, tenantId, instance }, { params }) => {
      mailboxMustBe(instance.config);
      return readMailbox(tx, { tenantId, id: params.id }, instance.secrets);
    },
  }),
  serveInstance(contract.listMailbox, {
    permission: "anyone",
    handle: async (ctx, { query }, http) => {
      localMailboxMustBe(ctx, http);
      return ctx.database.asSystem(whole, (tx) => listMailbox(tx, null, query));
    },
  }),
  serveInstance(contract.getMailboxMessage, {
    permission: "anyone",
    handle: async (ctx, { params }, http) => {
      localMailboxMustBe(ctx, http);
      const which = { tenantId: null, id: params.id };
      return ctx.database.asSystem(whole, (tx) => readMailbox(tx, which, ctx.instance.secrets));
    },
  }),
];

/** Whoever is not a direct visitor from this machine learns nothing of it, not even whether there is one. */
function localMailboxMustBe({ instance }: InstanceContext, http: Http) {
  mailboxMustBe(instance.config);
  if (!isLocalVisitor({ ...http, publicUrl: instance.config.publicUrl })) throw notFound("page");
}
