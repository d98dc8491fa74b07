import { Alert, Text } from "@mantine/core";
import type { Import } from "#server/features/imports/contract.ts";
import { When } from "../ui/when.tsx";
import { number, people } from "../ui/words.ts";
import { Band } from "./band.tsx";
import classes from "./review.module.css";
import { RowsList } from "./rows-list.tsx";

const titles = { finished: "What happened", cancelled: "Cancelled", failed: "It did not work" } as const;

/** Band three when it is over: the counts, where the emails stand, and what became of every row. */
export function ResultBand({ found }: { found: Import }) {
  const { created = 0, invited = 0, suspended = 0 } = found.counts;
  const made = created + invited + suspended;
  return (
    <Band
      title={titles[found.state as keyof typeof titles] ?? "What happened"}
      aside={found.finishedAt && <When at={found.finishedAt} />}
    >
      {found.problem && (
        <Alert color="red" mb="sm">
          {found.problem}
        </Alert>
      )}
      <Text mb="sm">{sentence(found, made)}</Text>
      <Figures found={found} />
      <RowsList found={found} />
    </Band>
  );
}

function sentence(found: Import, made: number) {
  if (made === 0) return "Nobody was imported.";
  const rest = found.state === "cancelled" ? " The rest was not imported." : "";
  return `${people(made)} ${made === 1 ? "was" : "were"} imported.${rest}`;
}

/** The counts of people and, beside them, of emails: whoever imports wants to know that both arrived. */
function Figures({ found }: { found: Import }) {
  const { counts, messages } = found;
  const figures: [string, number][] = [
    ["Created", counts.created ?? 0],
    ["Invited", counts.invited ?? 0],
    ["Created, suspended", counts.suspended ?? 0],
  ];
  if (messages) {
    figures.push(["Emails sent", messages.accepted], ["Emails waiting", messages.waiting]);
    figures.push(["Emails delayed", messages.deferred], ["Emails failed", messages.failed]);
    figures.push(["Emails withdrawn", messages.withdrawn]);
  }
  // Zero says something of emails that wait or were sent; of everything else it is noise.
  const told = figures.filter(([label, value]) => value > 0 || (messages && label === "Emails sent"));
  return (
    <dl className={classes.result}>
      {told.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
