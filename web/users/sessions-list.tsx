import { Button } from "@mantine/core";
import { browserName } from "#server/features/sign-in/browser-name.ts";
import type { Session } from "#server/features/sign-in/contract.ts";
import { When } from "../ui/when.tsx";
import classes from "./user-page.module.css";

type Props = {
  sessions: readonly Session[];
  /** Left out where they may not be ended. */
  onEnd: ((session: Session) => void) | undefined;
};

/** Where somebody is signed in: on what, from where and since when. */
export const SessionsList = ({ sessions, onEnd }: Props) => (
  <ul className={classes.messages} aria-label="Sessions">
    {sessions.map((session) => (
      <li key={session.id} className={classes.message}>
        <span title={session.userAgent ?? undefined}>
          {browserName(session.userAgent)}
          {session.current && <span className={classes.none}> · this session</span>}
        </span>
        {onEnd && !session.current && (
          <Button
            variant="subtle"
            size="compact-xs"
            aria-label={`Sign out of ${browserName(session.userAgent)}`}
            onClick={() => onEnd(session)}
          >
            Sign out
          </Button>
        )}
        <span className={classes.reply}>
          {session.ip && <>{session.ip}, </>}
          last used <When at={session.usedAt} />, signed in <When at={session.begunAt} />
        </span>
      </li>
    ))}
  </ul>
);
