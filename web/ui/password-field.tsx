import { Group, TextInput, UnstyledButton } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import {
  checkPassword,
  generatePassword,
  type PasswordStrength,
  passwordMinimum,
  passwordStrength,
} from "#server/features/credentials/password-rules.ts";
import classes from "./password-field.module.css";

type Field = {
  name: string;
  value: string;
  onBlur: () => void;
  onChange: (event: React.ChangeEvent<HTMLInputElement>) => void;
  error?: ReactNode;
};
type Props = {
  label: string;
  field: Field;
  autoComplete: "new-password" | "current-password";
  autoFocus?: boolean;
  /** For a password being chosen: whose it is, so that the rules can be shown living. */
  about?: { email?: string; firstName?: string; lastName?: string };
  /** How many characters the tenant asks for. */
  minimum?: number;
  /** For somebody else. */
  whose?: "your" | "their";
  onGenerate?: (password: string) => void;
};

const bars: Record<PasswordStrength, number> = { "too short": 0, weak: 1, fair: 2, good: 3, strong: 4 };

type StrengthProps = Required<Pick<Props, "about" | "whose" | "minimum">> & { password: string };

/** How good the password is, as it is typed: what is wrong with it, or its strength in a word. */
function Strength({ password, about, whose, minimum }: StrengthProps) {
  if (!password)
    return `At least ${minimum} characters; not ${whose} name or email address, not a common password.`;
  const problem = checkPassword(password, about, minimum);
  const strength = passwordStrength(password, minimum);
  const filled = problem ? Math.min(bars[strength], 1) : bars[strength];
  return (
    <span className={classes.strength}>
      <span className={classes.bars} data-filled={filled} aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <i key={bar} data-on={bar <= filled || undefined} />
        ))}
      </span>
      {problem ?? `Strength: ${strength}.`}
    </span>
  );
}

/** A password as it is typed, with a way to see it; for one being chosen also its rules and, if wanted, a generated one. */
export function PasswordField(props: Props) {
  const { label, field, autoComplete, about, whose = "your", onGenerate, autoFocus = false } = props;
  const { minimum = passwordMinimum } = props;
  const [shown, setShown] = useState(false);
  const hint = useId();
  const generate = () => {
    setShown(true);
    onGenerate?.(generatePassword(minimum));
  };
  return (
    <div>
      <TextInput
        {...field}
        label={label}
        type={shown ? "text" : "password"}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={autoFocus}
        data-autofocus={autoFocus || undefined}
        classNames={{ input: shown && field.value ? (classes.readable ?? "") : "" }}
        {...(about ? { "aria-describedby": hint } : {})}
        rightSectionWidth={onGenerate ? 132 : 60}
        rightSection={
          <Group gap={2} wrap="nowrap" className={classes.buttons}>
            <UnstyledButton className={classes.button} onClick={() => setShown(!shown)}>
              {shown ? "Hide" : "Show"}
            </UnstyledButton>
            {onGenerate && (
              <UnstyledButton className={classes.button} onClick={generate}>
                Generate
              </UnstyledButton>
            )}
          </Group>
        }
      />
      {about && (
        <p id={hint} className={classes.hint} aria-live="polite">
          {!field.error && <Strength password={field.value} about={about} whose={whose} minimum={minimum} />}
        </p>
      )}
    </div>
  );
}
