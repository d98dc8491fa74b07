import { useEffect, useState } from "react";
import {
  changeMailServer,
  getMailServer,
  type MailServerAnswer,
  type MailServerInput,
  mailServerInput,
} from "#server/features/mail/contract.ts";
import { call } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { tell, tellProblem } from "../ui/toast.ts";
import { checkWith, type Problems, useForm } from "../ui/use-form.tsx";

export type MailServerValues = Omit<MailServerInput, "port" | "password"> & {
  by: "own" | "installation";
  port: number | "";
  /** Empty: the one that is kept. */
  password: string;
};

const empty = {
  fromAddress: "",
  bounceAddress: "",
  host: "",
  port: 587,
  security: "starttls",
  user: "",
} as const;

const valuesOf = ({ server }: MailServerAnswer): MailServerValues => ({
  by: server ? "own" : "installation",
  ...empty,
  ...(server && {
    fromAddress: server.fromAddress,
    bounceAddress: server.bounceAddress,
    host: server.host,
    port: server.port,
    security: server.security,
    user: server.user,
  }),
  password: "",
});

/** As the server wants it; null: the installation's. */
export const serverOf = ({ by, password, ...server }: MailServerValues): MailServerInput | null =>
  by === "installation" ? null : ({ ...server, ...(password !== "" && { password }) } as MailServerInput);

/** Would the password that is kept be sent to where it was typed for? */
export function keepsPassword({ server }: MailServerAnswer, values: MailServerValues): boolean {
  if (!server?.passwordSet) return false;
  return (["host", "port", "security", "user"] as const).every((field) => server[field] === values[field]);
}

function check(answer: MailServerAnswer, values: MailServerValues): Problems {
  const server = serverOf(values);
  if (!server) return {};
  const problems = checkWith(mailServerInput, server);
  if (values.user && !values.password && !keepsPassword(answer, values))
    problems.password = answer.server?.passwordSet
      ? "Type the password again: it is kept for the server, port, encryption and user it was typed for."
      : "Type the password, or leave the user empty.";
  return problems;
}

const names = Object.fromEntries(
  (["fromAddress", "bounceAddress", "host", "port", "security", "user", "password"] as const).map((field) => [
    `server.${field}`,
    field,
  ]),
);

/** The form of the mail server; never saves over what somebody else has saved meanwhile. */
export function useMailServer(answer: MailServerAnswer) {
  const params = { tenant: useTenant() };
  const change = useCall(changeMailServer);
  const [base, setBase] = useState(answer);
  const [theirChanges, setTheirChanges] = useState("");
  const keep = (next: MailServerAnswer, shown = valuesOf(next)) => {
    form.restart(shown, valuesOf(next));
    setBase(next);
    queryClient.setQueryData(read(getMailServer, { params }).queryKey, next);
  };
  const form = useForm<MailServerValues>({
    initial: valuesOf(answer),
    check: (values) => check(base, values),
    names,
    send: async (values) => {
      const body = { server: serverOf(values), revision: base.revision };
      keep(await change.mutateAsync({ params, body }));
      setTheirChanges("");
      void forget("me");
      tell(values.by === "own" ? "Saved: your own mail server." : "Saved: the installation's mail server.");
    },
  });
  const { halfFilled, restart } = form;

  // What somebody else saved is shown, unless something is typed here: then saving is refused, and says so.
  useEffect(() => {
    if (answer.revision === base.revision || halfFilled) return;
    restart(valuesOf(answer));
    setBase(answer);
  });

  const reload = async () => {
    try {
      keep(await call(getMailServer, { params }), form.values);
      setTheirChanges("the mail server");
    } catch (problem) {
      tellProblem(problem);
    }
  };
  return { form, base, theirChanges, reload };
}
export type MailServerForm = ReturnType<typeof useMailServer>;
