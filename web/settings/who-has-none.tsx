import { useQuery } from "@tanstack/react-query";
import { countUsers } from "#server/features/users/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { TextLink } from "../ui/text-link.tsx";
import { people } from "../ui/words.ts";

/** How many people have no second factor, and the list of them: whoever is about to require one looks there first. */
export function WhoHasNone() {
  const params = { tenant: useTenant() };
  const { data } = useQuery(read(countUsers, { params, query: { secondFactor: "none" } }));
  return (
    <TextLink
      to="/t/$tenant/users"
      params={params}
      search={{ factor: "none", columns: "email,status,role,factor" }}
    >
      {data ? `${people(data.all)} without a second factor` : "Who has no second factor"}
    </TextLink>
  );
}
