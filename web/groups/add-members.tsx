import { Button, Checkbox, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changeMembers, type Group } from "#server/features/groups/contract.ts";
import { listUsers, type User } from "#server/features/users/contract.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import formClasses from "../ui/form.module.css";
import { useHalfFilled } from "../ui/half-filled.ts";
import { PanelFooter, SidePanel } from "../ui/side-panel.tsx";
import { tell, tellProblem } from "../ui/toast.ts";
import { people } from "../ui/words.ts";
import { actionsOn, sortName } from "../users/person.ts";
import classes from "./add-members.module.css";
import { PasteMembers } from "./paste-members.tsx";

type Props = { group: Group; opened: boolean; onClose: () => void };

/** Puts people into the group: found and ticked one by one, or by a pasted list of addresses. */
export const AddMembers = ({ group, opened, onClose }: Props) => (
  <SidePanel title={`Add members to ${group.name}`} opened={opened} onClose={onClose}>
    <Ways group={group} onClose={onClose} />
  </SidePanel>
);

function Ways(props: Omit<Props, "opened">) {
  const [way, setWay] = useState<"find" | "paste">("find");
  return (
    <div className={classes.ways}>
      <SegmentedControl
        fullWidth
        aria-label="How to add them"
        value={way}
        onChange={setWay}
        data={[
          { value: "find", label: "Find people" },
          { value: "paste", label: "Paste addresses" },
        ]}
      />
      {way === "find" ? <Picker {...props} /> : <PasteMembers {...props} />}
    </div>
  );
}

function useCandidates(search: string) {
  const tenant = useTenant();
  const [settled] = useDebouncedValue(search.trim(), 200);
  return useQuery({
    ...read(listUsers, { params: { tenant }, query: { limit: 50, ...(settled ? { search: settled } : {}) } }),
    placeholderData: keepPreviousData,
  });
}

/** Finds people by name or email and puts the ticked ones into the group, all at once. */
function Picker({ group, onClose }: Omit<Props, "opened">) {
  const params = { tenant: useTenant(), groupId: group.id };
  const [search, setSearch] = useState("");
  const [picked, setPicked] = useState<ReadonlyMap<string, User>>(new Map());
  const { data } = useCandidates(search);
  useHalfFilled(picked.size > 0);
  const changing = useCall(changeMembers);
  const toggle = (user: User) => {
    const next = new Map(picked);
    if (!next.delete(user.id)) next.set(user.id, user);
    setPicked(next);
  };
  const add = async () => {
    if (picked.size === 0) return;
    try {
      await changing.mutateAsync({ params, body: { add: [...picked.keys()] } });
      tell(`${people(picked.size)} added to ${group.name}.`);
      void forget("groups", "users");
      onClose();
    } catch (problem) {
      tellProblem(problem);
    }
  };
  const found = data?.items ?? [];
  const hidden = [...picked.values()].filter((user) => !found.some((one) => one.id === user.id));
  return (
    <div className={formClasses.panel}>
      <TextInput
        aria-label="Find people"
        placeholder="Name or email"
        data-autofocus
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <div className={classes.people}>
        {[...hidden, ...found].map((user) => (
          <Candidate
            key={user.id}
            user={user}
            group={group}
            picked={picked.has(user.id)}
            toggle={() => toggle(user)}
          />
        ))}
        {data && found.length === 0 && (
          <Text c="dimmed">Nobody has that in their name or email address.</Text>
        )}
        {data?.nextCursor && (
          <Text size="xs" c="dimmed">
            These are the first 50. Type more of the name to find others.
          </Text>
        )}
      </div>
      <PanelFooter>
        <Text size="xs" c="dimmed" role="status">
          {picked.size > 0 ? `${people(picked.size)} ticked` : "Tick who belongs to it"}
        </Text>
        <Button loading={changing.isPending} onClick={() => void add()}>
          Add members
        </Button>
      </PanelFooter>
    </div>
  );
}

type CandidateProps = { user: User; group: Group; picked: boolean; toggle: () => void };

function Candidate({ user, group, picked, toggle }: CandidateProps) {
  const already = user.groups.some((one) => one.id === group.id);
  const allowed = actionsOn(useMe(), user).edit;
  return (
    <Checkbox
      className={classes.person ?? ""}
      checked={already || picked}
      disabled={already || !allowed}
      onChange={toggle}
      label={sortName(user)}
      description={already ? "already a member" : user.email}
    />
  );
}
