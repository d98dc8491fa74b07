import { MantineProvider } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { cssVariables, themeOf } from "../theme.ts";
import { useTenantLook } from "./tenant-look.ts";

/** The theme in the accent of the tenant on the screen. */
export function Themed({ children }: { children: ReactNode }) {
  const accent = useTenantLook()?.accent ?? null;
  const theme = useMemo(() => themeOf(accent), [accent]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      {children}
    </MantineProvider>
  );
}
