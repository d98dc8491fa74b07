import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getUser } from "#server/features/users/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { SidePanel } from "../ui/side-panel.tsx";
import table from "../ui/table.module.css";
import { EditUserForm } from "./edit-user-form.tsx";

type Props = { userId: string | undefined; onClose: () => void; onDeleted?: () => void };

export const EditUserPanel = ({ userId, onClose, onDeleted }: Props) => (
  <SidePanel title="Edit user" opened={userId !== undefined} onClose={onClose}>
    {userId && <Loaded key={userId} userId={userId} onClose={onClose} onDeleted={onDeleted ?? onClose} />}
  </SidePanel>
);

function Loaded({
  userId,
  onClose,
  onDeleted,
}: {
  userId: string;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const tenant = useTenant();
  // Read anew each time: what the list shows may be a minute old, and the version decides whose change wins.
  const { data, error, refetch, isFetchedAfterMount } = useQuery({
    ...read(getUser, { params: { tenant, userId } }),
    refetchOnMount: "always",
  });
  if (error && !data) return <LoadFailed problem={error} retry={refetch} />;
  if (!data || !isFetchedAfterMount) {
    return (
      <Stack gap="lg" aria-busy="true">
        {["60%", "100%", "80%", "40%"].map((width) => (
          <span key={width} className={table.skeleton} style={{ width }} />
        ))}
      </Stack>
    );
  }
  return <EditUserForm opened={data} onClose={onClose} onDeleted={onDeleted} />;
}
