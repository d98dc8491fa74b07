import { Alert, Button, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useState } from "react";
import { sendTestEmail, type TestEmailAnswer } from "#server/features/mail/contract.ts";
import { ApiProblem } from "../api.ts";
import { useCall, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import classes from "./settings.module.css";
import { type MailServerForm, serverOf } from "./use-mail-server.ts";

/** How a test went, and of which server. */
type Tried = { of: string; answer: TestEmailAnswer | ApiProblem };

type Props = { section: MailServerForm; savedOnly: boolean };

/** Tries the server that is on the screen, saved or not. What was tried and then changed is shown no more. */
export function TestEmail({ section: { form }, savedOnly }: Props) {
  const params = { tenant: useTenant() };
  const { email } = useMe();
  const send = useCall(sendTestEmail);
  const [tried, setTried] = useState<Tried>();
  const of = JSON.stringify(form.values);
  const problems = form.problems();
  const run = async () => {
    for (const field of problems) form.leave(field);
    if (problems.length > 0) return;
    setTried(undefined);
    try {
      const body = savedOnly ? {} : { server: serverOf(form.values) };
      const answer = await send.mutateAsync({ params, body });
      setTried({ of, answer });
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      setTried({ of, answer: problem });
    }
  };
  return (
    <div className={classes.test}>
      <div>
        <Button variant="default" loading={send.isPending} onClick={() => void run()}>
          Send test email
        </Button>
        <Text size="sm" c="dimmed" mt="xxs">
          To {email}, by {savedOnly ? "the server above" : "what is chosen above, saved or not"}.
        </Text>
      </div>
      <div role="status">{tried?.of === of && <Outcome answer={tried.answer} />}</div>
    </div>
  );
}

const failures: Record<TestEmailAnswer["steps"][number]["step"], string> = {
  connect: "No connection.",
  greet: "No mail server answered.",
  secure: "Encryption failed.",
  login: "Login failed.",
  send: "Email not taken.",
};

function Outcome({ answer }: Pick<Tried, "answer">) {
  if (answer instanceof ApiProblem) {
    return (
      <Alert color="red" py="xs">
        {[answer.detail, ...Object.values(answer.fields)].join(" ")}
      </Alert>
    );
  }
  return (
    <Alert
      color={answer.accepted ? "green" : "red"}
      py="xs"
      title={
        answer.accepted
          ? `The mail server took it. Look for it at ${answer.to}.`
          : "The test email was not sent."
      }
    >
      <ol className={classes.steps}>
        {answer.steps.map(({ step, ok, words, advice }) => (
          <li key={step} data-ok={ok}>
            {ok ? (
              <IconCircleCheck size={16} role="img" aria-label="Done" />
            ) : (
              <IconCircleX size={16} role="img" aria-label="Failed" />
            )}
            <span>
              {!ok && <strong>{failures[step]} </strong>}
              {words}
              {advice && <p>{advice}</p>}
            </span>
          </li>
        ))}
      </ol>
    </Alert>
  );
}
