import { Group, Kbd, Stack, Text } from "@mantine/core";

const shortcuts: readonly [keys: string[], does: string][] = [
  [["/"], "Search"],
  [["n"], "Add a user"],
  [["i"], "Import users"],
  [["g", "h"], "Go to the home screen"],
  [["g", "u"], "Go to users"],
  [["g", "g"], "Go to groups"],
  [["g", "a"], "Go to audit"],
  [["g", "s"], "Go to settings"],
  [["↑", "↓"], "Move between the rows of a table"],
  [["Ctrl", "Enter"], "Submit the open form (⌘ Enter on a Mac)"],
  [["Esc"], "Close what is open"],
];

export const ShortcutList = () => (
  <Stack gap="xs">
    {shortcuts.map(([keys, does]) => (
      <Group key={does} justify="space-between" wrap="nowrap">
        <Text size="sm">{does}</Text>
        <Group gap="xxs" wrap="nowrap">
          {keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </Group>
      </Group>
    ))}
  </Stack>
);
