import { NativeSelect, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { who, whom } from "#server/event-words/sentences.ts";
import { type AuditEvent, ipAddress } from "#server/features/audit/contract.ts";
import { useTimeZone } from "../shell/session.ts";
import { PersonFilter } from "../users/person-filter.tsx";
import classes from "./audit.module.css";
import type { AuditState } from "./audit-state.ts";

/** By the beginning of what is recorded. */
const kinds = [
  { value: "", label: "What: all" },
  { value: "sign_", label: "Signing in and out" },
  { value: "sign_in.refused", label: "Failed sign-ins" },
  { value: "password.", label: "Passwords" },
  { value: "user", label: "People" },
  { value: "invitation.", label: "Invitations" },
  { value: "group.", label: "Groups" },
  { value: "bulk_action.", label: "Bulk actions" },
  { value: "import.", label: "Imports" },
  { value: "message", label: "Emails" },
  { value: "tenant.", label: "Settings" },
  { value: "audit.", label: "The audit log itself" },
];

const nobody = [
  { value: "anonymous", label: "Not signed in" },
  { value: "system", label: "Muster, in the background" },
  { value: "operator", label: "Operator, by command" },
];

type Props = {
  state: AuditState;
  change: (next: AuditState) => void;
  /** What is on the screen: it has the names of what is filtered by. */
  events: readonly AuditEvent[];
};

/** Who, what, whom, when and from where. All of it is in the address, so that a search can be sent to a colleague. */
export function AuditFilters({ state, change, events }: Props) {
  const by = events.find((event) => event.actor.id === state.actor);
  const about = events.find((event) => event.target?.id === state.target);
  return (
    <div className={classes.filters}>
      <PersonFilter
        label="Who"
        chosen={state.actor}
        known={by && who(by)}
        others={nobody}
        onChoose={(actor) => change({ actor })}
      />
      <NativeSelect
        aria-label="What"
        className={classes.what}
        data={
          state.action && !kinds.some((kind) => kind.value === state.action)
            ? [...kinds, { value: state.action, label: state.action }]
            : kinds
        }
        value={state.action ?? ""}
        onChange={(event) => change({ action: event.currentTarget.value || undefined })}
      />
      <PersonFilter
        label="Whom"
        chosen={state.target}
        known={about && whom(about)}
        onChoose={(target) => change({ target })}
      />
      <FromWhere ip={state.ip} onChoose={(ip) => change({ ip })} />
      <div className={classes.days}>
        <Day label="From day" value={state.from} onChoose={(from) => change({ from })} />
        <span aria-hidden>–</span>
        <Day label="To day" value={state.to} onChoose={(to) => change({ to })} />
      </div>
    </div>
  );
}

type DayProps = { label: string; value: string | undefined; onChoose: (day: string | undefined) => void };

const Day = ({ label, value, onChoose }: DayProps) => (
  <TextInput
    type="date"
    aria-label={label}
    title={`${label}, by the clock of ${useTimeZone()}`}
    className={classes.day}
    value={value ?? ""}
    onChange={(event) => onChoose(event.currentTarget.value || undefined)}
  />
);

function FromWhere({ ip, onChoose }: { ip: string | undefined; onChoose: (ip: string | undefined) => void }) {
  const [typed, setTyped] = useState(ip ?? "");
  const [left, setLeft] = useState(false);
  useEffect(() => setTyped(ip ?? ""), [ip]);
  const wrong = typed !== "" && !ipAddress.safeParse(typed).success;
  const choose = () => {
    setLeft(true);
    if (!wrong && typed !== (ip ?? "")) onChoose(typed || undefined);
  };
  return (
    <TextInput
      aria-label="From where"
      placeholder="IP address"
      title="From where: an IP address"
      className={classes.ip}
      maxLength={45}
      value={typed}
      onChange={(event) => {
        setLeft(false);
        setTyped(event.currentTarget.value.trim());
      }}
      onBlur={choose}
      onKeyDown={(event) => event.key === "Enter" && choose()}
      error={wrong && left ? "Like 203.0.113.7" : undefined}
    />
  );
}
