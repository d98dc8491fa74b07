import { Alert, Button, Checkbox, Group, NumberInput, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { chooseLeavers, type Import, listLeavers } from "#server/features/imports/contract.ts";
import { call, type Output } from "../api.ts";
import { useTenant } from "../shell/queries.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { count, number, people } from "../ui/words.ts";
import classes from "./leavers.module.css";
import type { Change } from "./plan-choices.tsx";
import { useImportChange } from "./use-import.ts";

type Missing = NonNullable<Import["leavers"]>;
type Leaver = Output<typeof listLeavers>["items"][number];

/** From how many on one looks for somebody. */
const many = 20;

/** People an earlier import of the same source brought in and who are missing from this file: nobody goes unticked. */
export function Leavers({ found, change }: { found: Import; change: Change }) {
  const { leavers } = found;
  if (!leavers || leavers.missing === 0) return null;
  return (
    <section className={classes.leavers} aria-label="People missing from this file">
      <Text fw={500}>
        {people(leavers.missing)} from {found.source} {leavers.missing === 1 ? "is" : "are"} missing from this
        file
      </Text>
      <Text size="sm" c="dimmed">
        Tick whoever is to be suspended. Nobody else is touched.
      </Text>
      {leavers.unreadable > 0 && (
        <Alert color="amber" py="xs" icon={<IconAlertTriangle aria-hidden size={18} />}>
          The address of {count(leavers.unreadable, "row")} cannot be read:{" "}
          {leavers.unreadable === 1 ? "it" : "any of them"} may be somebody listed here. Mend{" "}
          {leavers.unreadable === 1 ? "it" : "them"} first, or tick with care.
        </Alert>
      )}
      <List found={found} leavers={leavers} />
      {leavers.ticked > 0 && <Grace leavers={leavers} change={change} />}
    </section>
  );
}

function List({ found, leavers }: { found: Import; leavers: Missing }) {
  const params = { tenant: useTenant(), importId: found.id };
  const [search, setSearch] = useState("");
  const tick = useImportChange(chooseLeavers, found.id);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["imports", "leavers", params, search],
    queryFn: ({ pageParam, signal }) =>
      call(
        listLeavers,
        { params, query: { ...(search && { search }), ...(pageParam && { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
  });
  const all = (ticked: boolean) => void tick.run({ params, body: { ticked } });
  const one = (userId: string, ticked: boolean) => tick.run({ params, body: { ticked, userIds: [userId] } });
  const shown = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" loading={tick.pending} onClick={() => all(true)}>
          {leavers.missing === 1 ? "Tick this person" : `Tick all ${number(leavers.missing)}`}
        </Button>
        {leavers.ticked > 0 && (
          <Button size="compact-sm" variant="subtle" onClick={() => all(false)}>
            Untick all
          </Button>
        )}
        {leavers.missing > many && <SearchField label="Find somebody" value={search} onSearch={setSearch} />}
      </Group>
      {error && <LoadFailed problem={error} retry={refetch} />}
      {data && shown.length === 0 && <Text c="dimmed">Nobody missing is called that.</Text>}
      <ul className={classes.list}>
        {shown.map((person) => (
          <Person
            key={person.userId}
            person={person}
            tenant={params.tenant}
            toggle={(ticked) => one(person.userId, ticked)}
          />
        ))}
        {hasNextPage && (
          <li>
            <Button
              size="compact-sm"
              variant="subtle"
              loading={isFetchingNextPage}
              onClick={() => fetchNextPage()}
            >
              Show more
            </Button>
          </li>
        )}
      </ul>
    </>
  );
}

type PersonProps = { person: Leaver; tenant: string; toggle: (ticked: boolean) => Promise<unknown> };

function Person({ person: { userId, name, email, ticked }, tenant, toggle }: PersonProps) {
  const [wanted, want] = useState<boolean | null>(null);
  return (
    <li>
      <Checkbox
        size="xs"
        aria-label={`Suspend ${name}`}
        checked={wanted ?? ticked}
        onChange={(event) => {
          const next = event.currentTarget.checked;
          want(next);
          void toggle(next).finally(() => want(null));
        }}
      />
      <Link to="/t/$tenant/users/$userId" params={{ tenant, userId }}>
        {name}
      </Link>
      <span className={classes.email}>{email}</span>
    </li>
  );
}

function Grace({ leavers: { ticked, graceDays }, change }: { leavers: Missing; change: Change }) {
  return (
    <NumberInput
      label={`Days of grace before ${people(ticked)} ${ticked === 1 ? "is" : "are"} suspended`}
      description="Whoever is in a later file of this source again stays."
      size="xs"
      min={0}
      max={90}
      clampBehavior="strict"
      defaultValue={graceDays}
      classNames={{ wrapper: classes.days ?? "" }}
      onBlur={(event) => {
        const days = Number(event.currentTarget.value);
        if (Number.isInteger(days) && days !== graceDays) void change({ leaversGraceDays: days });
      }}
    />
  );
}
