import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

export type OpenBrowser = {
  /** A window of its own: its cookies are nobody else's. */
  window(colorScheme?: "light" | "dark"): Promise<Page>;
  /** What went wrong in a page's own code or was refused by its content security policy; should stay empty. */
  troubles: string[];
  close(): Promise<void>;
};

const disabledFeatures = [
  // Pages of Chromium's own that every window brings, for an address bar nobody sees: most of what a window takes.
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  // What Playwright disables, whose list this one replaces.
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${disabledFeatures.join(",")}`,
];

/** A real Chromium; `npm test` finds or installs it, and builds the portal that it is to show. */
export async function openBrowser(): Promise<OpenBrowser> {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser: Browser = await chromium.launch({ executablePath, args });
  const contexts: BrowserContext[] = [];
  const troubles: string[] = [];
  return {
    troubles,
    window: async (colorScheme = "light") => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width: 1280, height: 900 },
        reducedMotion: "reduce",
        locale: "en-GB",
      });
      contexts.push(context);
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      page.on("pageerror", (error) => troubles.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" && /Content Security Policy/.test(message.text())) {
          troubles.push(message.text());
        }
      });
      return page;
    },
    close: async () => {
      for (const context of contexts) await context.close();
      await browser.close();
    },
  };
}
