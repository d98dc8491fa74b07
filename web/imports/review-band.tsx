import { Alert, Text } from "@mantine/core";
import type { Import } from "#server/features/imports/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { TextLink } from "../ui/text-link.tsx";
import { When } from "../ui/when.tsx";
import { people } from "../ui/words.ts";
import { Band } from "./band.tsx";
import { leftOut } from "./left-out.ts";
import type { Scheduling } from "./mail-time.tsx";
import { mailWill } from "./mail-words.ts";
import { planInWords } from "./outcomes.ts";
import { PlanChoices } from "./plan-choices.tsx";
import { RowsList } from "./rows-list.tsx";
import { UnknownGroups } from "./unknown-groups.tsx";

/** Step two before anything is applied: exactly what will happen, row by row. */
export function ReviewBand({ found, scheduling }: { found: Import | undefined; scheduling: Scheduling }) {
  const { mailKept } = useMe();
  if (!found || found.state === "uploading" || found.state === "checking") {
    return (
      <Band number={2} title="What will happen">
        <Text c="dimmed">
          {found
            ? "You see it here as soon as the check is done."
            : "Choose a file, and you see here what would happen. Nothing is imported before you press Import CSV."}
        </Text>
      </Band>
    );
  }
  return (
    <Band number={2} title="What will happen">
      {found.drift && (
        <Alert color="amber" mb="sm" title="The plan has changed" role="alert">
          {found.drift} Look at it again, then press Import CSV.
        </Alert>
      )}
      <Text mb="sm">
        {planInWords(found) ? whatHappens(found, mailKept) : nothing(found)} {whoIsHere(found)}{" "}
        {leftOut(found)}
      </Text>
      <ImportedBefore found={found} />
      {found.rows === 0 && !found.files.some((file) => file.problem) && (
        <Alert color="amber">There is nobody in these files: below the headings there are no rows.</Alert>
      )}
      <UnknownGroups found={found} />
      {found.rows > 0 && <PlanChoices found={found} scheduling={scheduling} />}
      <RowsList found={found} />
    </Band>
  );
}

const nothing = ({ obstacle }: Import) =>
  obstacle?.reason === "nothing_changes" ? "" : "Nobody would be imported as the files are now.";

/** Who is a user already and stays as they are: whoever imports a file again wants to know that nobody is missing. */
function whoIsHere({ obstacle, counts: { existing = 0, unchanged = 0, duplicate = 0 } }: Import) {
  const there = existing + unchanged;
  if (there === 0) return "";
  const exactly = existing + duplicate === 0 ? ", exactly as the file says" : "";
  if (obstacle?.reason !== "nothing_changes")
    return `${people(there)} ${there === 1 ? "is" : "are"} here already${exactly}: nothing changes for them.`;
  const all = there === 1 ? "The one person in this file is" : `All ${people(there)} in this file are`;
  return `${all} here already${exactly}: nothing changes.`;
}

/** What happens, and who hears of it. */
function whatHappens(found: Import, mailKept: boolean) {
  const { toApply, counts, emails, mail } = found;
  const made = toApply - (counts.update ?? 0);
  if (made === 0) return `${planInWords(found)}. Nobody gets an email.`;
  if (emails < made)
    return `${planInWords(found)}. ${mailWill(found, mailKept)}; suspended users get none until they are reactivated.`;
  if (mail.when !== "now" || mailKept) return `${planInWords(found)}. ${mailWill(found, mailKept)}.`;
  if (made < toApply || (found.leavers?.ticked ?? 0) > 0)
    return `${planInWords(found)}. Each new user gets one email.`;
  return `${planInWords(found)}${made === 1 ? " and gets" : ", and each gets"} one email.`;
}

function ImportedBefore({ found }: { found: Import }) {
  const tenant = useTenant();
  const again = found.files.filter((file) => file.importedBefore);
  return again.map(({ fileNo, name, importedBefore }) => (
    <Text key={fileNo} mb="sm" c="dimmed">
      {importedBefore && (
        <>
          {name} is the very file that was{" "}
          <TextLink
            to="/t/$tenant/imports/$importId"
            params={{ tenant, importId: importedBefore.importId }}
            inherit
            underline="always"
          >
            imported <When at={importedBefore.at} />
          </TextLink>
          .
        </>
      )}
    </Text>
  ));
}
