import { Alert, Text } from "@mantine/core";
import type { Import } from "#server/features/imports/contract.ts";
import { count, people } from "../ui/words.ts";
import { Band } from "./band.tsx";
import { verbOf } from "./outcomes.ts";
import { RowsList } from "./rows-list.tsx";
import { UnknownGroups } from "./unknown-groups.tsx";

/** Band three before anything is applied: exactly what will happen, row by row. */
export function ReviewBand({ found }: { found: Import | undefined }) {
  if (!found || found.state === "uploading" || found.state === "checking") {
    return (
      <Band number={3} title="What will happen">
        <Text c="dimmed">
          {found
            ? "You see it here as soon as the check is done."
            : "Choose a file, and you see here what would happen. Nothing is imported before you press Import CSV."}
        </Text>
      </Band>
    );
  }
  return (
    <Band number={3} title="What will happen">
      <Text mb="sm">
        {found.toApply > 0 ? whatHappens(found) : "Nobody would be imported as the files are now."}{" "}
        {leftOut(found)}
      </Text>
      {found.rows === 0 && !found.files.some((file) => file.problem) && (
        <Alert color="amber">There is nobody in these files: below the headings there are no rows.</Alert>
      )}
      <UnknownGroups found={found} />
      <RowsList found={found} />
    </Band>
  );
}

function whatHappens({ toApply, files }: Import) {
  const who = `${people(toApply)} will be ${verbOf(files)}`;
  return toApply === 1 ? `${who} and gets one email.` : `${who}, and each gets one email.`;
}

function leftOut({ rows, toApply, counts }: Import) {
  const out = rows - toApply;
  if (out <= 0) return "";
  const problems = counts.problem ?? 0;
  const are = out === 1 ? "is" : "are";
  if (problems === out) return `${count(out, "row")} with problems ${are} left out.`;
  return `${count(out, "row")} ${are} left out, for the reasons below.`;
}
