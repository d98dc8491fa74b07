import { ColorInput } from "@mantine/core";
import { palette, themeOf } from "../theme.ts";
import classes from "./settings.module.css";

const swatches = ["#0e5b75", "#1d4ed8", "#5b21b6", "#9d174d", "#b91c1c", "#c2410c", "#4d7c0f", "#047857"];

type Props = {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
  onBlur: () => void;
  error: string | undefined;
};

/** Any colour; shown beside it is what becomes of it where it has to be read. */
export function AccentSetting({ label, value, onChange, onBlur, error }: Props) {
  const brand = themeOf(/^#[0-9a-f]{6}$/i.test(value ?? "") ? value : null).colors?.brand ?? palette.brand;
  return (
    <div>
      <ColorInput
        label={label}
        description="Usually Muster's petrol: leave it empty for that. Where your colour could not be read, its nearest readable shade is used."
        inputWrapperOrder={["label", "input", "description", "error"]}
        placeholder="Muster's petrol"
        value={value ?? ""}
        onChange={(typed) => onChange(typed.trim() === "" ? null : typed)}
        onBlur={onBlur}
        format="hex"
        fixOnBlur={false}
        swatches={swatches}
        swatchesPerRow={8}
        eyeDropperButtonProps={{ "aria-label": "Pick a colour from the screen" }}
        {...(error ? { error } : {})}
      />
      <p className={classes.sample} aria-hidden="true">
        <span style={{ background: brand[7], color: "#ffffff" }}>Light</span>
        <span style={{ background: brand[6], color: "#ffffff" }}>Dark</span>
        <span style={{ background: palette.dark[7], color: brand[3] }}>Link, dark</span>
      </p>
    </div>
  );
}
