import { Text, Title } from "@mantine/core";
import classes from "./templates-band.module.css";

const headings = ["First name", "Last name", "Email", "Password", "Groups", "Language"];
const rows: readonly (readonly string[])[] = [
  ["Eva", "Ek", "eva@north.example", "tram-cedar-41", "Staff; Sales", "Deutsch"],
  ["Amara", "Adeyemi", "amara@north.example", "k7mw-3txd-9h", "Staff", ""],
  ["Li", "Wei", "li@north.example", "window.at.sea", "", "en"],
];

/** How the filled-in User Creation Template looks in a spreadsheet, with the row numbers that problems will name. */
export const ImportExample = () => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it scrolls, also for the keyboard
  <section className={classes.example} aria-label="An example" tabIndex={0}>
    <Title order={3} mb={4}>
      An example
    </Title>
    <table className={classes.sheet}>
      <thead>
        <tr>
          <th scope="row">1</th>
          {headings.map((heading) => (
            <td key={heading}>{heading}</td>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, index) => (
          <tr key={cells[2]}>
            <th scope="row">{index + 2}</th>
            {cells.map((cell, column) => (
              <td key={headings[column]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    <Text size="xs" c="dimmed" mt={4}>
      The User Invite Template is the same without Password. Problems name the row numbers you see here: the
      headings are row 1.
    </Text>
  </section>
);
