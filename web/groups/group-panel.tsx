import { Button, Switch, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  createGroup,
  type Group,
  getGroup,
  groupInput,
  updateGroup,
} from "#server/features/groups/contract.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import formClasses from "../ui/form.module.css";
import { Form } from "../ui/form.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { PanelFooter, SidePanel } from "../ui/side-panel.tsx";
import { tell } from "../ui/toast.ts";
import { checkWith, useForm } from "../ui/use-form.tsx";

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
  // The version makes it a new form: after a change somebody else made, it starts from how the group is now.
  return data && isFetchedAfterMount && <GroupForm key={data.version} group={data} onClose={onClose} />;
}

type Values = { name: string; description: string; active: boolean; protected: boolean };
const check = ({ name, description, active }: Values) => checkWith(groupInput, { name, description, active });

function useGroupForm(group: Group | null, onClose: () => void) {
  const tenant = useTenant();
  const create = useCall(createGroup);
  const update = useCall(updateGroup);
  return useForm<Values>({
    initial: {
      name: group?.name ?? "",
      description: group?.description ?? "",
      active: group?.active ?? true,
      protected: group?.protected ?? false,
    },
    check,
    send: async (values) => {
      const { protected: kept, ...input } = values;
      const saved = group
        ? await update.mutateAsync({
            params: { tenant, groupId: group.id },
            body: { ...input, protected: kept, version: group.version },
          })
        : await create.mutateAsync({ params: { tenant }, body: input });
      void forget("groups", "users");
      tell(`${saved.name} was ${group ? "changed" : "created"}.`);
      onClose();
    },
  });
}

function GroupForm({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const form = useGroupForm(group, onClose);
  const { values, set } = form;
  return (
    <Form
      form={form}
      className={formClasses.panel}
      remedy={(problem) =>
        problem.code === "changed_meanwhile" && (
          <Button mt="xs" size="xs" variant="default" onClick={() => void forget("groups")}>
            Show it as it is now
          </Button>
        )
      }
    >
      <TextInput label="Name" autoComplete="off" data-autofocus {...form.field("name")} />
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
