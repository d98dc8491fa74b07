import { Alert, Button, Stack, Tabs, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { kindName } from "#server/features/mail/kind-names.ts";
import {
  getMessage,
  type Message,
  resendMessage,
  withdrawMessage,
} from "#server/features/messages/contract.ts";
import type { Output } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { PanelFooter, SidePanel } from "../ui/side-panel.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { tell, tellProblem } from "../ui/toast.ts";
import { When } from "../ui/when.tsx";
import { count } from "../ui/words.ts";
import { stateLook } from "./message-looks.ts";
import classes from "./messages.module.css";
import { readAgainAfter } from "./read-again.ts";

type Props = { messageId: string | undefined; close: () => void; show: (messageId: string) => void };
type Detail = Output<typeof getMessage>;

/** One message: where it stands and why, what it says, and what can be done about it. */
export function MessagePanel({ messageId, close, show }: Props) {
  const tenant = useTenant();
  const { data, error, refetch } = useQuery({
    ...read(getMessage, { params: { tenant, messageId: messageId ?? "" } }),
    enabled: messageId !== undefined,
    refetchInterval: ({ state: { data } }) => readAgainAfter(data && [data.message]),
  });
  const shown = data?.message.id === messageId ? data : undefined;
  return (
    <SidePanel
      title={shown ? kindName(shown.message.kind) : "Message"}
      opened={messageId !== undefined}
      onClose={close}
    >
      {error && !shown && <LoadFailed problem={error} retry={refetch} />}
      {shown && (
        <Stack gap="md" pb="lg">
          <Facts message={shown.message} />
          <History history={shown.history} />
          <Preview key={shown.message.id} preview={shown.preview} message={shown.message} />
        </Stack>
      )}
      {shown && <Actions message={shown.message} show={show} />}
    </SidePanel>
  );
}

function Facts({ message }: { message: Message }) {
  const tenant = useTenant();
  const me = useMe();
  const look = stateLook(message.state, me);
  const { person, recipient, userId, lastReply, dueAt, finishedAt, attempts } = message;
  return (
    <dl className={classes.facts}>
      <dt>State</dt>
      <dd>
        <StatusMark shape={look.shape} tone={look.tone}>
          {look.word}
        </StatusMark>
      </dd>
      <dt>To</dt>
      <dd>
        {person ? (
          <Link className={classes.link ?? ""} to="/t/$tenant/users/$userId" params={{ tenant, userId }}>
            {person.name}
          </Link>
        ) : (
          "Somebody who was deleted"
        )}
        , {recipient ?? person?.email ?? "not sent yet"}
      </dd>
      {lastReply && (
        <>
          <dt>Details</dt>
          <dd>
            {lastReply}
            {me.mailbox && message.state === "kept" && (
              <>
                {" "}
                <Link
                  className={classes.link ?? ""}
                  to="/t/$tenant/mailbox"
                  params={{ tenant }}
                  search={{ message: message.id }}
                >
                  Open it there
                </Link>
              </>
            )}
          </dd>
        </>
      )}
      <dt>Made</dt>
      <dd>
        <When at={message.createdAt} />
      </dd>
      {finishedAt && (
        <>
          <dt>{look.word}</dt>
          <dd>
            <When at={finishedAt} />
            {attempts > 1 && `, after ${count(attempts, "try", "tries")}`}
          </dd>
        </>
      )}
      {dueAt && (
        <>
          <dt>Next try</dt>
          <dd>
            <When at={dueAt} />
          </dd>
        </>
      )}
    </dl>
  );
}

const outcomes: Record<Detail["history"][number]["outcome"], string> = {
  deferred: "Put off by the mail server",
  refused: "Refused by the mail server",
  expired: "Given up",
  delayed: "Reported as delayed on its way",
  bounced: "Came back",
};

const History = ({ history }: Pick<Detail, "history">) =>
  history.length > 0 && (
    <section aria-labelledby="history">
      <Title order={3} id="history" fz="sm">
        What happened
      </Title>
      <ul className={classes.history}>
        {history.map(({ outcome, at, reply }) => (
          <li key={`${outcome}${at}`}>
            {outcomes[outcome]}, <When at={at} />
            {reply && <div className={classes.said}>{reply}</div>}
          </li>
        ))}
      </ul>
    </section>
  );

function Preview({ preview, message }: Pick<Detail, "preview" | "message">) {
  if (!preview) return <Alert color="gray">This version of Muster does not know this kind of message.</Alert>;
  return (
    <section aria-labelledby="preview">
      <Title order={3} id="preview" fz="sm">
        {preview.subject}
      </Title>
      <p className={classes.as}>
        {preview.as === "sent"
          ? `In the words and with the look it was ${message.state === "kept" ? "written" : "sent"} with.`
          : "In the words and with the look of now: it has not been sent."}
      </p>
      {preview.outdated && (
        <Alert color="gray" mb="xs">
          It would not be sent any more: {preview.outdated}
        </Alert>
      )}
      <Tabs defaultValue="html" keepMounted={false}>
        <Tabs.List mb="xs">
          <Tabs.Tab value="html">As seen</Tabs.Tab>
          <Tabs.Tab value="text">Plain text</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="html">
          {/* Nothing may run in it, and nothing in it leads anywhere: its links are masked. */}
          <iframe
            className={classes.preview}
            title="The email as its recipient sees it"
            sandbox=""
            srcDoc={preview.html}
          />
        </Tabs.Panel>
        <Tabs.Panel value="text">
          <pre className={classes.plain}>{preview.text}</pre>
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function Actions({ message, show }: { message: Message; show: (messageId: string) => void }) {
  const params = { tenant: useTenant(), messageId: message.id };
  const resend = useCall(resendMessage);
  const withdraw = useCall(withdrawMessage);
  const me = useMe();
  const { mailKept } = me;
  if (!may(me, "messages.send") || !(message.canResend || message.canWithdraw)) return null;
  const run = async (change: typeof resend | typeof withdraw, said: string) => {
    try {
      const now = await change.mutateAsync({ params });
      tell(said);
      if (now.id !== message.id) show(now.id);
    } catch (problem) {
      tellProblem(problem);
    }
    await forget("messages", "users");
  };
  return (
    <PanelFooter>
      <span className={classes.said}>Passwords and links are masked here.</span>
      {message.canWithdraw && (
        <Button
          variant="default"
          loading={withdraw.isPending}
          onClick={() => void run(withdraw, "It is taken back.")}
        >
          Withdraw
        </Button>
      )}
      {message.canResend && (
        <Button
          loading={resend.isPending}
          onClick={() =>
            void run(
              resend,
              mailKept ? "It is put into the built-in mailbox again." : "It is on its way again.",
            )
          }
        >
          Send again
        </Button>
      )}
    </PanelFooter>
  );
}
