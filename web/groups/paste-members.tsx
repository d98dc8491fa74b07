import { Button, Stack, Text, Textarea, Title } from "@mantine/core";
import { useState } from "react";
import { addMembersByAddress, type Group } from "#server/features/groups/contract.ts";
import type { ApiProblem, Output } from "../api.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import formClasses from "../ui/form.module.css";
import { useHalfFilled } from "../ui/half-filled.ts";
import { PanelFooter } from "../ui/side-panel.tsx";
import { number, people } from "../ui/words.ts";
import classes from "./add-members.module.css";

type Props = { group: Group; onClose: () => void };
type Answer = Output<typeof addMembersByAddress>;

/** The button that was pressed is gone; whoever works by keyboard goes on here. */
const focusOn = (button: HTMLButtonElement | null) => button?.focus();

/** Puts whoever has one of the pasted addresses into the group, and tells of each other address why not. */
export function PasteMembers({ group, onClose }: Props) {
  const params = { tenant: useTenant(), groupId: group.id };
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const [answer, setAnswer] = useState<Answer>();
  const adding = useCall(addMembersByAddress);
  useHalfFilled(text.trim() !== "" && !answer);
  const add = async () => {
    if (!text.trim()) return setProblem("Paste at least one email address.");
    try {
      setAnswer(await adding.mutateAsync({ params, body: { text } }));
      void forget("groups", "users");
    } catch (error) {
      const { fields, message } = error as ApiProblem;
      setProblem(fields?.text ?? message);
    }
  };
  if (answer) {
    return (
      <div className={formClasses.panel}>
        <Told answer={answer} name={group.name} />
        <PanelFooter>
          <Button variant="default" onClick={() => setAnswer(undefined)}>
            Back to the text
          </Button>
          <Button onClick={onClose} ref={focusOn}>
            Done
          </Button>
        </PanelFooter>
      </div>
    );
  }
  return (
    <div className={formClasses.panel}>
      <Textarea
        label="Email addresses"
        description="One a line, or separated by commas or semicolons. Names beside them do not matter."
        placeholder={"eva@example.org\nBo Ek <bo@example.org>"}
        autosize
        minRows={8}
        maxRows={18}
        value={text}
        error={problem}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem("");
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void add();
        }}
      />
      <PanelFooter>
        <Text size="xs" c="dimmed">
          Nobody is created or invited by this
        </Text>
        <Button loading={adding.isPending} onClick={() => void add()}>
          Add members
        </Button>
      </PanelFooter>
    </div>
  );
}

function Told({ answer, name }: { answer: Answer; name: string }) {
  const { added, already, unknown, notYours, unreadable } = answer;
  const left = unknown.length + notYours.length + unreadable.length;
  return (
    <Stack gap="md" className={classes.told} role="status">
      <Title order={2}>
        {added.length > 0 ? `${people(added.length)} added to ${name}` : "Nobody was added"}
        {left > 0 && `, ${number(left)} not`}
      </Title>
      <Addresses title="No user has this address" addresses={unknown} problem />
      <Addresses title="Not an email address" addresses={unreadable.map(({ text }) => text)} problem />
      <Addresses title="Not yours to change" addresses={notYours} problem />
      <Addresses title="Added" addresses={added} />
      <Addresses title="Members already" addresses={already} />
    </Stack>
  );
}

type AddressesProps = { title: string; addresses: readonly string[]; problem?: boolean };

function Addresses({ title, addresses, problem = false }: AddressesProps) {
  if (addresses.length === 0) return null;
  return (
    <section aria-label={title}>
      <Text fw={500} {...(problem && { c: "var(--m-bad)" })}>
        {title} ({addresses.length})
      </Text>
      {/* As text, to be copied from here into a mail or a file. */}
      <Text c="dimmed" className={classes.addresses ?? ""}>
        {addresses.join("\n")}
      </Text>
    </section>
  );
}
