import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { BulkPerson } from "#server/features/bulk-actions/contract.ts";
import { useTenant } from "../shell/queries.ts";
import table from "../ui/table.module.css";
import { TextLink } from "../ui/text-link.tsx";
import classes from "./person-row.module.css";
import { reasons } from "./words.ts";

type Props = { person: BulkPerson; hasReasons: boolean };

/** One of those whom an action was about, and why nothing became of it. */
export function PersonRow({ person: { email, reason, holder, ...person }, hasReasons }: Props) {
  const tenant = useTenant();
  const why = reason ? reasons[reason] : "";
  return (
    <tr>
      <td className={classes.name} title={person.name ?? undefined}>
        <Name {...person} email={email} />
      </td>
      <td className={classes.email} title={email ?? undefined}>
        {email}
      </td>
      {hasReasons && (
        <td className={classes.why} title={why}>
          {holder ? (
            <>
              Their address belongs to{" "}
              <TextLink to="/t/$tenant/users/$userId" params={{ tenant, userId: holder.id }}>
                {holder.name}
              </TextLink>{" "}
              now.
            </>
          ) : (
            why
          )}
        </td>
      )}
    </tr>
  );
}

type NameProps = Pick<BulkPerson, "userId" | "name" | "email" | "deleted">;

/** Whoever is deleted has no page: they are found among the deleted, and restored there. */
function Name({ userId, name, email, deleted }: NameProps) {
  const params = { tenant: useTenant() };
  if (!name) return <Text c="dimmed">Erased</Text>;
  if (deleted) {
    return (
      <Link
        className={table.name}
        to="/t/$tenant/users/deleted"
        params={params}
        search={{ search: email ?? name }}
        title="Among the deleted users"
      >
        {name}
      </Link>
    );
  }
  return (
    <Link className={table.name} to="/t/$tenant/users/$userId" params={{ ...params, userId }}>
      {name}
    </Link>
  );
}
