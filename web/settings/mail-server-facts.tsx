import type { MailServerAnswer } from "#server/features/mail/contract.ts";
import { securityName } from "./mail-server-fields.tsx";
import classes from "./settings.module.css";

/** The mail server for whoever may look at it and not change it: nothing is cut off or greyed out. */
export function MailServerFacts({ answer: { server, installation } }: { answer: MailServerAnswer }) {
  const facts = server
    ? [
        ["Send by", "Your own server"],
        ["Sender's address", server.fromAddress],
        ["Return address", server.bounceAddress || "None: Muster sees nothing that comes back"],
        ["Server", `${server.host}, port ${server.port}`],
        ["Encryption", securityName(server.security)],
        ["User", server.user || "No login"],
        ...(server.passwordSet ? [["Password", "Kept, and never shown"]] : []),
      ]
    : [
        ["Send by", "This installation's server"],
        installation.sends
          ? ["Sender's address", installation.fromAddress]
          : ["Emails", "Kept in its built-in mailbox: it has no mail server yet"],
      ];
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
