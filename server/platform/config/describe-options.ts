import { type Option, options } from "./options.ts";

const opening = `# Configuration

Every setting is an environment variable. All have a default or may be left out: \`npm start\` needs none of them. An empty
variable counts as unset. A wrong value stops the start, and the message names every variable that is wrong and what to
write instead.

A variable marked *secret* can be read from a file: give the file's path in the variable of the same name with \`_FILE\`
behind it (\`SMTP_URL_FILE=/run/secrets/smtp-url\`), and leave the variable itself unset. Its value is never printed.

This page is printed from \`server/platform/config/options.ts\`.
`;

/** docs/configuration.md, printed from the table of options; a rule test compares the two. */
export function describeOptions(): string {
  const sections = Object.entries(options).map(([name, option]) => describe(name, option));
  return [opening, ...sections].join("\n");
}

function describe(name: string, option: Option): string {
  const facts = [
    ...(option.secret ? [`*Secret*: also \`${name}_FILE\`.`] : []),
    ...(option.default === undefined ? [] : [`Default: \`${option.default}\`.`]),
    // Some examples say how to get the value rather than being one.
    ...(option.example === option.default ? [] : [`For example: ${asCode(option.example)}.`]),
  ];
  return `## ${name}\n\n${option.doc}\n\n${facts.join(" ")}\n`;
}

function asCode(example: string): string {
  const [, words = "", command] = /^(the output of: )(.+)$/.exec(example) ?? [];
  return command ? `${words.replace(":", "")}\`${command}\`` : `\`${example}\``;
}
