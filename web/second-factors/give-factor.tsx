import { Anchor, Button, Text, TextInput } from "@mantine/core";
import { browserSupportsWebAuthn, startAuthentication } from "@simplewebauthn/browser";
import { type GivenFactor, givenFactor, type Way } from "#server/features/second-factors/shapes.ts";
import type { askPasskey } from "#server/features/sign-in/contract.ts";
import type { Output } from "../api.ts";
import { Form } from "../ui/form.tsx";
import { checkWith, useForm } from "../ui/use-form.tsx";
import { unsupported } from "./add-passkey.tsx";
import { passkeyProblem } from "./passkey-problem.ts";
import { quietField } from "./quiet-field.ts";

export const wayWords: Record<Way, { title: string; intro: string; label: string; offer: string }> = {
  passkey: {
    title: "Use your passkey",
    intro: "Your browser asks for the phone, computer, password manager or security key that holds it.",
    label: "Passkey",
    offer: "Use a passkey",
  },
  authenticator: {
    title: "Enter your code",
    intro: "Your authenticator app shows six digits, others every half minute.",
    label: "Code",
    offer: "Use your authenticator app",
  },
  recovery_code: {
    title: "Use a recovery code",
    intro: "One of the ten you were shown when you set up your second factor. Each works once.",
    label: "Recovery code",
    offer: "Use a recovery code",
  },
};

/** What this browser can do; whoever has nothing but passkeys is told what they need. */
const waysHere = (ways: readonly Way[]) =>
  browserSupportsWebAuthn() || ways.length === 1 ? ways : ways.filter((way) => way !== "passkey");

/** The one that was chosen, or comes first. */
export const wayOf = (ways: readonly Way[], chosen: Way | null): Way =>
  chosen ?? waysHere(ways)[0] ?? "recovery_code";

/** `factor` is asked for when it is to be sent: a passkey signs then. */
export type Give = (factor: () => GivenFactor | Promise<GivenFactor>) => Promise<unknown>;

type Props = {
  way: Way;
  /** What the button of a code says. */
  verb: string;
  /** A challenge for a passkey. */
  ask: () => Promise<Output<typeof askPasskey>>;
  give: Give;
};

/** The form for a second factor of one kind. */
export const GiveFactor = ({ way, verb, ask, give }: Props) =>
  way === "passkey" ? (
    <PasskeyForm ask={ask} give={give} />
  ) : (
    <CodeForm key={way} way={way} verb={verb} give={give} />
  );

type Others = { ways: readonly Way[]; way: Way; onChoose: (way: Way) => void };

/** The other ways there are. */
export const OtherWays = ({ ways, way, onChoose }: Others) =>
  waysHere(ways)
    .filter((other) => other !== way)
    .map((other) => (
      <Anchor
        key={other}
        component="button"
        type="button"
        size="sm"
        ta="center"
        onClick={() => onChoose(other)}
      >
        {wayWords[other].offer}
      </Anchor>
    ));

function PasskeyForm({ ask, give }: Pick<Props, "ask" | "give">) {
  const form = useForm({
    initial: {},
    check: () => ({}),
    send: () =>
      give(async () => {
        const optionsJSON = await ask();
        const passkey = await startAuthentication({ optionsJSON }).catch((error: unknown) => {
          throw passkeyProblem(error);
        });
        return { way: "passkey", passkey };
      }),
  });
  if (!browserSupportsWebAuthn()) return <Text>{unsupported}</Text>;
  return (
    <Form form={form}>
      <Button type="submit" fullWidth autoFocus loading={form.sending}>
        Use a passkey
      </Button>
    </Form>
  );
}

type CodeProps = Pick<Props, "verb" | "give"> & { way: Exclude<Way, "passkey"> };

function CodeForm({ way, verb, give }: CodeProps) {
  const form = useForm({
    initial: { code: "" },
    check: ({ code }) => checkWith(givenFactor, { way, code }),
    send: ({ code }) => give(() => ({ way, code })),
  });
  const isCode = way === "authenticator";
  return (
    <Form form={form}>
      <TextInput
        label={wayWords[way].label}
        autoFocus
        autoCapitalize="none"
        spellCheck={false}
        {...(isCode ? { inputMode: "numeric", autoComplete: "one-time-code" } : { autoComplete: "off" })}
        {...quietField(form.field("code"))}
      />
      <Button type="submit" fullWidth loading={form.sending}>
        {verb}
      </Button>
    </Form>
  );
}
