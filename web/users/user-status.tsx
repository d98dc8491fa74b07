import { Tooltip } from "@mantine/core";
import type { User } from "#server/features/users/contract.ts";
import { hasFailed } from "../messages/has-failed.ts";
import { replyOf } from "../messages/message-looks.ts";
import { type Shape, StatusMark } from "../ui/status-mark.tsx";
import { exactTime } from "../ui/time.ts";
import classes from "./user-status.module.css";

/** Each status by shape, colour and word. */
export const statusLooks: Record<
  User["status"],
  { shape: Shape; tone: "ok" | "plain" | "warn"; word: string }
> = {
  active: { shape: "full", tone: "ok", word: "Active" },
  invited: { shape: "empty", tone: "plain", word: "Invited" },
  suspended: { shape: "half", tone: "warn", word: "Suspended" },
};

/** How somebody stands, and what stands in the way: an invitation that no longer works, an email that did not arrive. */
export function UserStatus({ user }: { user: User }) {
  const { shape, tone, word } = statusLooks[user.status];
  return (
    <span className={classes.status}>
      <StatusMark shape={shape} tone={tone}>
        {word}
      </StatusMark>
      {user.status === "invited" && user.invitation === "expired" && (
        <span className={classes.note}>link expired</span>
      )}
      {user.status === "invited" && user.invitation === "revoked" && (
        <span className={classes.note}>revoked</span>
      )}
      <MailProblem user={user} />
    </span>
  );
}

function MailProblem({ user: { mail, mailFailure } }: { user: User }) {
  if (mailFailure) return <Problem {...mailFailure} failed words="email failed !" />;
  if (!mail || (!hasFailed(mail.state) && mail.state !== "deferred")) return null;
  const failed = hasFailed(mail.state);
  const reply = replyOf(mail) ?? "The mail server gave no reason.";
  return (
    <Problem at={mail.at} reply={reply} failed={failed} words={failed ? "email failed !" : "email delayed"} />
  );
}

type ProblemProps = { at: string; reply: string; failed: boolean; words: string };

const Problem = ({ at, reply, failed, words }: ProblemProps) => (
  <Tooltip label={`${exactTime(at)}. ${reply}`}>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason has to be reachable without a mouse */}
    <span className={failed ? classes.failed : classes.delayed} tabIndex={0}>
      {words}
    </span>
  </Tooltip>
);
//END}
