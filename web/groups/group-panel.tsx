import { Button, Switch, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Group, getGroup } from "#server/features/groups/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import formClasses from "../ui/form.module.css";
import { Form } from "../ui/form.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { PanelFooter, SidePanel } from "../ui/side-panel.tsx";
import { TheirChanges } from "../ui/their-changes.tsx";
import { useGroupForm } from "./use-group-form.ts";

type Props = { opened: boolean; groupId?: string | undefined; onClose: () => void };

/** Create Group, or Edit of the one that is named. */
export const GroupPanel = ({ opened, groupId, onClose }: Props) => (
  <SidePanel title={groupId ? "Edit group" : "Create Group"} opened={opened} onClose={onClose}>
    {groupId ? (
      <Loaded key={groupId} groupId={groupId} onClose={onClose} />
    ) : (
      <GroupForm group={null} onClose={onClose} />
    )}
  </SidePanel>
);

function Loaded({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  const tenant = useTenant();
  const { data, error, refetch, isFetchedAfterMount } = useQuery({
    ...read(getGroup, { params: { tenant, groupId } }),
    refetchOnMount: "always",
  });
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  return data && isFetchedAfterMount && <GroupForm group={data} onClose={onClose} />;
}

type FormProps = { group: Group | null; onClose: () => void };

function GroupForm({ group, onClose }: FormProps) {
  const { form, saved, theirs, reload } = useGroupForm(group, onClose);
  const { values, set } = form;
  return (
    <Form
      form={form}
      className={formClasses.panel}
      remedy={(problem) =>
        problem.code === "changed_meanwhile" && (
          <Button mt="xs" size="xs" variant="default" onClick={() => void reload()}>
            Load their changes, keep mine
          </Button>
        )
      }
    >
      {theirs && !form.general && (
        <TheirChanges
          changes={theirs}
          differs={(field) => values[field] !== saved[field]}
          onTake={(field) => set(field, saved[field])}
        />
      )}
      <TextInput
        label="Name"
        autoComplete="off"
        // The panel opened before its form was there.
        autoFocus
        data-autofocus
        {...form.field("name")}
      />
      <Textarea
        label="Description"
        placeholder="Optional"
        autosize
        minRows={2}
        maxRows={6}
        {...form.field("description")}
      />
      <Switch
        label="Active"
        description="An inactive group keeps its members and grants nothing."
        checked={values.active}
        onChange={(event) => set("active", event.currentTarget.checked)}
      />
      {group && (
        <Switch
          label="Protected"
          description="A protected group cannot be deleted."
          checked={values.protected}
          onChange={(event) => set("protected", event.currentTarget.checked)}
        />
      )}
      <PanelFooter>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={form.sending}>
          {group ? "Save" : "Create Group"}
        </Button>
      </PanelFooter>
    </Form>
  );
}
