/** What a conversation with a mail server consists of, in this order. */
export type Step = "connect" | "greet" | "secure" | "login" | "send";

type Circumstances = { step: Step; secure: boolean; port: number };
type SmtpError = { code?: string; message?: string; command?: string; responseCode?: number };

const otherPort = "465 with TLS and 587 with STARTTLS are usual.";

/** What to do about a step that failed. */
export function adviceFor(failure: unknown, of: Circumstances): string | undefined {
  const error = failure as SmtpError;
  if (error.responseCode === 421 || error.responseCode === 454)
    return "The server is busy or has had too many logins. Try again in some minutes.";
  return advise[of.step](error, of);
}

const advise: Record<Step, (error: SmtpError, of: Circumstances) => string | undefined> = {
  connect: ({ code }) => {
    if (code === "ENOTFOUND") return "Check how the server's name is written.";
    if (code === "EAI_AGAIN") return "Try again in a minute. If it stays, this machine's DNS needs mending.";
    if (code === "ECONNREFUSED") return `Check the server and the port: ${otherPort}`;
    if (code === "ETIMEDOUT")
      return `Check the server and the port: ${otherPort} If they are right, a firewall is in the way.`;
    return undefined;
  },
  greet: (_error, { secure, port }) =>
    !secure && port === 465
      ? "Port 465 usually speaks TLS from the first byte: choose TLS."
      : `Check that a mail server listens at this port: ${otherPort}`,
  secure: ({ message = "", command }, { secure }) => {
    if (secure && /wrong version number|packet length too long/.test(message))
      return "This port does not begin with TLS: choose STARTTLS, or another port.";
    if (command === "STARTTLS" || /STARTTLS/.test(message))
      return "The server does not offer STARTTLS at this port: choose TLS and port 465.";
    if (/altname/i.test(message)) return "Write the server's name as its certificate has it.";
    return "The server's certificate is not one that is trusted in general. Whoever runs the server can mend that.";
  },
  login: ({ code, message = "" }) => {
    if (code === "ENOAUTH" || /Missing credentials|Unknown authentication/.test(message))
      return "The server offers no login of a kind Muster knows at this port.";
    return "Check user and password. Many providers want a password made for this purpose (app password), and sending by SMTP allowed for the account.";
  },
  send: ({ command = "" }) => {
    if (command.startsWith("MAIL"))
      return "Use a sender's address that this login may send as, or allow it there.";
    if (command.startsWith("RCPT"))
      return "The server does not take email for your address from this login. It may want a login first.";
    return "The server's words above say why. Its administrator knows more.";
  },
};
