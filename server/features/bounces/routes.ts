import { serveInstance, serveSlowly } from "#server/route.ts";
import * as contract from "./contract.ts";
import { mailgun } from "./providers/mailgun.ts";
import type { Provider } from "./providers/provider.ts";
import { sendgrid } from "./providers/sendgrid.ts";
import { ses } from "./providers/ses.ts";
import { takeBounce, takeTenantBounce } from "./take-bounce.ts";
import { takeProviderEvents } from "./take-provider-events.ts";

const providers: Record<string, Provider> = { sendgrid, ses, mailgun } satisfies Record<
  (typeof contract.takeProviderEvents)["params"]["shape"]["provider"]["options"][number],
  Provider
>;

export const bounceRoutes = [
  serveInstance(contract.takeBounce, {
    permission: "anyone",
    handle: (instance, { query }, http) => takeBounce(instance, query.to, http.bytes()),
  }),
  serveSlowly(contract.takeTenantBounce, {
    permission: "anyone",
    handle: (door, { query }, http) => takeTenantBounce(door, query.to, http.bytes()),
  }),
  serveInstance(contract.takeProviderEvents, {
    permission: "anyone",
    handle: (instance, { params }, http) =>
      takeProviderEvents(instance, providers[params.provider] as Provider, {
        ...http.bytes(),
        headers: http.headers,
      }),
  }),
];
