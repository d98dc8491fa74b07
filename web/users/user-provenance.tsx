import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { getProvenance } from "#server/features/imports/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { When } from "../ui/when.tsx";
import { number } from "../ui/words.ts";
import classes from "./user-page.module.css";

/** Which row of which file somebody came from or was changed by, when, and who did it. */
export function UserProvenance({ userId }: { userId: string }) {
  const tenant = useTenant();
  const { data } = useQuery(read(getProvenance, { params: { tenant, userId } }));
  if (!data || data.items.length === 0) return null;
  return (
    <ul className={classes.provenance} aria-label="Imports">
      {data.items.map(({ importId, fileName, fileNo, rowNo, outcome, made, at, by }) => (
        <li key={`${importId}${fileNo}:${rowNo}`}>
          {made ? "Came from" : "Changed by"}{" "}
          <Link
            to="/t/$tenant/imports/$importId"
            params={{ tenant, importId }}
            search={{ rows: outcome }}
            className={classes.group}
          >
            {fileName}
          </Link>
          , row {number(rowNo)}, imported <When at={at} /> by {by}
          {outcome === "undone" && ", undone since"}
        </li>
      ))}
    </ul>
  );
}
