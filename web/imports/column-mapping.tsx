import { Button, Select, Text } from "@mantine/core";
import { useState } from "react";
import classes from "./column-mapping.module.css";
import type { FileChange, ImportFile } from "./file-summary.tsx";

type Recognised = NonNullable<ImportFile["recognised"]>;
type Use = Recognised["columns"][number]["use"];
type Props = { file: ImportFile; recognised: Recognised; change: FileChange | undefined };

const uses: readonly { value: string; label: string }[] = [
  { value: "", label: "Not used" },
  { value: "firstName", label: "First name" },
  { value: "lastName", label: "Last name" },
  { value: "fullName", label: "Full name" },
  { value: "email", label: "Email" },
  { value: "password", label: "Password" },
  { value: "groups", label: "Groups" },
  { value: "language", label: "Language" },
  { value: "blocked", label: "Suspended or not" },
];
const wordOf = (use: Use) => uses.find((one) => one.value === (use ?? ""))?.label ?? "";

/** What each column is used for, as a line; opened it is a table in which every use can be chosen. */
export function ColumnMapping({ file, recognised, change }: Props) {
  const [wanted, setOpen] = useState<boolean | null>(null);
  // A file that cannot be read without it asks for it by itself.
  const open = change !== undefined && (wanted ?? file.ways.includes("map_columns"));
  const { columns } = recognised;
  const ignored = columns.filter((column) => column.use === null).map((column) => column.header);
  return (
    <>
      {!open && (
        <ul className={classes.columns} aria-label="Columns recognised">
          {columns
            .filter((column) => column.use !== null)
            .map(({ header, use }) => (
              <li key={`${header} ${use}`}>
                {header === wordOf(use) ? header : `${header} → ${wordOf(use)}`}
              </li>
            ))}
          {recognised.namesFromAddress && <li>Names → from the address</li>}
        </ul>
      )}
      {!open && ignored.length > 0 && (
        <Text size="xs" c="dimmed" lineClamp={2}>
          Not used: {ignored.join(", ")}
        </Text>
      )}
      {change && (
        <div className={classes.foot}>
          {file.mapping === "remembered" && (
            <Text size="xs" c="dimmed">
              Columns as in your last import of such a file.
            </Text>
          )}
          {!open && (
            <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)}>
              Change columns
            </Button>
          )}
          {file.mapping !== "recognised" && (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => change({ columns: null })}>
              {file.mapping === "remembered" ? "Forget that" : "Back to what was recognised"}
            </Button>
          )}
        </div>
      )}
      {change && !open && <Candidates recognised={recognised} change={change} />}
      {change && open && (
        <Table
          // What was recognised anew starts a new choice.
          key={JSON.stringify(columns.map((column) => column.use))}
          recognised={recognised}
          save={(chosen) => {
            change({ columns: chosen });
            setOpen(false);
          }}
          close={file.problem ? undefined : () => setOpen(false)}
        />
      )}
    </>
  );
}

/** Columns that look like groups, though nobody said so, with what is in them: one press uses them. */
function Candidates({ recognised, change }: { recognised: Recognised; change: FileChange }) {
  const { columns } = recognised;
  const offered = columns
    .map((column, at) => ({ ...column, at }))
    .filter((column) => column.groupCandidate && column.use === null)
    .slice(0, 3);
  if (offered.length === 0) return null;
  return (
    <ul className={classes.candidates} aria-label="Columns that may be groups">
      {offered.map(({ header, samples, at }) => (
        <li key={at}>
          <span>
            {header} may be groups
            <FirstValues samples={samples} />
          </span>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => change({ columns: columns.map(({ use }, n) => (n === at ? "groups" : use)) })}
          >
            Use {header} as groups
          </Button>
        </li>
      ))}
    </ul>
  );
}

function FirstValues({ samples }: { samples: readonly string[] }) {
  const values = [...new Set(samples.filter(Boolean))];
  return values.length > 0 && <span className={classes.dim}>: {values.join(", ")}</span>;
}

type TableProps = {
  recognised: Recognised;
  save: (chosen: Use[]) => void;
  close: (() => void) | undefined;
};

function Table({ recognised, save, close }: TableProps) {
  const [chosen, choose] = useState<readonly Use[]>(recognised.columns.map((column) => column.use));
  return (
    <div className={classes.mapping}>
      <div className={classes.scroll}>
        <table aria-label="Use of each column">
          <thead>
            <tr>
              <th>Column</th>
              <th>First values</th>
              <th>Use as</th>
            </tr>
          </thead>
          <tbody>
            {recognised.columns.map(({ header, samples }, at) => (
              // Columns have no other name than their place.
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is the column
              <tr key={at}>
                <th scope="row" title={header}>
                  {header || <span className={classes.dim}>column {at + 1}</span>}
                </th>
                <td className={classes.dim} title={samples.join(", ")}>
                  {samples.filter(Boolean).join(", ")}
                </td>
                <td>
                  <Select
                    size="xs"
                    aria-label={`Use of ${header || `column ${at + 1}`}`}
                    data={uses}
                    value={chosen[at] ?? ""}
                    allowDeselect={false}
                    onChange={(use) =>
                      choose(chosen.map((before, n) => (n === at ? ((use || null) as Use) : before)))
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes.foot}>
        <Button size="xs" onClick={() => save([...chosen])}>
          Use these columns
        </Button>
        {close && (
          <Button size="xs" variant="default" onClick={close}>
            Close
          </Button>
        )}
      </div>
    </div>
  );
}
