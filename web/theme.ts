import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  SegmentedControl,
  Text,
  Tooltip,
} from "@mantine/core";
import { mix } from "#server/features/tenants/accent.ts";
import { accentShades } from "./accent.ts";

/** The accent of a tenant that has chosen none: petrol. Shade 7 on white and white on shade 6 both pass 4.5:1 (theme.test.ts). */
const brand: MantineColorsTuple = [
  "#eef7fa",
  "#d9edf3",
  "#b3dbe7",
  "#82c2d6",
  "#4fa5c0",
  "#2b88a6",
  "#166f8c",
  "#0e5b75",
  "#0b4a60",
  "#083848",
];
const gray: MantineColorsTuple = [
  "#f7f8f8",
  "#eff1f1",
  "#e3e6e7",
  "#d3d8da",
  "#b4bcbf",
  "#8a9498",
  "#626d72",
  "#4c565a",
  "#333b3e",
  "#1d2325",
];
const dark: MantineColorsTuple = [
  "#d9dee0",
  "#b9c1c4",
  "#98a3a7",
  "#667074",
  "#3a4347",
  "#2b3336",
  "#21282b",
  "#181d1f",
  "#121618",
  "#0c0f10",
];
const green: MantineColorsTuple = [
  "#eef8f2",
  "#d5eee0",
  "#a9dbc0",
  "#76c49b",
  "#46a976",
  "#2a8f5c",
  "#1d774a",
  "#175f3c",
  "#124a2f",
  "#0c3421",
];
const amber: MantineColorsTuple = [
  "#fdf6e7",
  "#f9e8c4",
  "#f1d08b",
  "#e5b350",
  "#d2962a",
  "#b27b17",
  "#8f600f",
  "#78500e",
  "#5c3d0c",
  "#412b08",
];
const red: MantineColorsTuple = [
  "#fdf1f0",
  "#fbdfdc",
  "#f5bcb7",
  "#ee9b94",
  "#df665d",
  "#cf4339",
  "#b8322a",
  "#9c2720",
  "#7d1f1a",
  "#5f1713",
];
export const palette = { brand, gray, dark, green, amber, red };

const systemFont =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif';
const px = (pixels: number) => `${pixels / 16}rem`;
const quick = { duration: 140, timingFunction: "ease-out" } as const;

export const theme = createTheme({
  colors: palette,
  primaryColor: "brand",
  primaryShade: { light: 7, dark: 6 },
  black: "#1d2325",
  fontFamily: systemFont,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: px(13), sm: px(14), md: px(16), lg: px(20), xl: px(28) },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.35", xl: "1.25" },
  spacing: { xxs: px(4), xs: px(8), sm: px(12), md: px(16), lg: px(24), xl: px(32) },
  radius: { xs: px(3), sm: px(6), md: px(6), lg: px(6), xl: px(6) },
  defaultRadius: "md",
  headings: {
    fontFamily: systemFont,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: px(20), lineHeight: "1.35" },
      h2: { fontSize: px(16), lineHeight: "1.5" },
      h3: { fontSize: px(14), lineHeight: "1.45" },
    },
  },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Text: Text.extend({ defaultProps: { size: "sm" } }),
    // Shade 6 is hardly seen on dark ground, and a field has nothing else to show that it is the one.
    Input: Input.extend({ styles: { wrapper: { "--input-bd-focus": "var(--m-accent)" } as object } }),
    InputWrapper: Input.Wrapper.extend({
      vars: () => ({
        label: { "--input-label-size": px(14) },
        description: { "--input-description-size": px(13) },
        error: { "--input-error-size": px(13) },
        success: { "--input-success-size": px(13) },
      }),
      styles: {
        label: { fontWeight: 500, marginBottom: px(4) },
        description: { lineHeight: 1.4 },
        error: { lineHeight: 1.4 },
      },
    }),
    Button: Button.extend({ defaultProps: { fw: 500 } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 200,
        multiline: true,
        maw: 360,
        events: { hover: true, focus: true, touch: true },
      },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: "md", transitionProps: quick, position: "bottom-end" } }),
    Drawer: Drawer.extend({
      defaultProps: { transitionProps: { ...quick, transition: "slide-left", duration: 160 } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        transitionProps: { ...quick, transition: "fade" },
        overlayProps: { backgroundOpacity: 0.35 },
        centered: true,
      },
    }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { transitionDuration: 140 } }),
  },
});

const surface = { light: "#ffffff", dark: dark[7] };
const grounds = {
  light: [surface.light, gray[0], gray[1]],
  dark: [surface.dark, dark[8], dark[6]],
};

/** The theme in a tenant's accent: any colour, made readable. */
export const themeOf = (accent: string | null) =>
  accent === null ? theme : { ...theme, colors: { ...theme.colors, brand: accentShades(accent, grounds) } };

/** Colours by what they are for. Stylesheets use these, never a shade. */
export const cssVariables: CSSVariablesResolver = (theme) => {
  const { gray, dark, green, amber, red } = palette;
  const brand = theme.colors.brand ?? palette.brand;
  return {
    variables: {
      "--m-row": px(44),
      "--m-nav": px(224),
      "--m-nav-icons": px(56),
      "--m-bottom-bar": px(56),
      "--m-card": px(400),
      "--m-text-measure": px(720),
      "--mantine-spacing-xxs": theme.spacing.xxs ?? px(4),
    },
    light: {
      "--mantine-color-error": red[6],
      "--mantine-color-dimmed": gray[6],
      "--mantine-color-anchor": brand[7],
      "--mantine-color-brand-light-color": brand[7],
      "--mantine-color-amber-light": amber[0],
      "--mantine-color-amber-light-color": amber[7],
      "--mantine-color-red-light": red[0],
      "--mantine-color-red-light-color": red[7],
      "--m-canvas": gray[0],
      "--m-surface": surface.light,
      "--m-sunken": gray[1],
      "--m-line": gray[2],
      "--m-line-strong": gray[3],
      "--m-hover": gray[1],
      "--m-accent": brand[7],
      "--m-accent-soft": brand[0],
      "--m-ok": green[6],
      "--m-warn": amber[6],
      "--m-warn-soft": amber[0],
      "--m-bad": red[6],
      "--m-bad-soft": red[0],
    },
    dark: {
      "--mantine-color-error": red[3],
      "--mantine-color-dimmed": dark[2],
      "--mantine-color-anchor": brand[3],
      "--mantine-color-placeholder": dark[2],
      "--mantine-color-brand-light-color": brand[3],
      "--mantine-color-amber-light": "#33280f",
      "--mantine-color-amber-light-color": amber[3],
      "--mantine-color-red-light": "#3a1c19",
      "--mantine-color-red-light-color": red[3],
      "--m-canvas": dark[8],
      "--m-surface": surface.dark,
      "--m-sunken": dark[6],
      "--m-line": dark[5],
      "--m-line-strong": dark[4],
      "--m-hover": dark[6],
      "--m-accent": brand[3],
      "--m-accent-soft": mix(surface.dark, brand[7], 0.2),
      "--m-ok": green[3],
      "--m-warn": amber[3],
      "--m-warn-soft": "#33280f",
      "--m-bad": red[3],
      "--m-bad-soft": "#3a1c19",
    },
  };
};
