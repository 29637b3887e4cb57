import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { BrowserContextOptions } from "playwright-core";
import { startBilling } from "../rig/started_billing.ts";
import { DESKTOP, openPageState, PHONE } from "./billing_page_rig.ts";
import { findChromium, launchChromium } from "./describe_in_chromium.ts";
import { PAGE_STATES, type PageState } from "./page_states.ts";

const HELP = `Writes screenshots of the Billing page, as the README shows them.

  npm run screenshots                      the README's, into docs/images
  npm run screenshots -- --all FOLDER      every state, wide, dark and on a phone, to look at
`;
const README = { folder: "docs/images", states: ["active"] };
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: {},
  dark: { colorScheme: "dark" },
  phone: { viewport: PHONE },
};

const { values } = parseArgs({
  options: { all: { type: "string" }, help: { type: "boolean", short: "h" } },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const { all } = values;
  await makeScreenshots(
    all === undefined ? README : { folder: all, states: Object.keys(PAGE_STATES) },
  );
}

async function makeScreenshots({ folder, states }: { folder: string; states: readonly string[] }) {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("Cannot make screenshots: there is no chromium on the PATH");
  }
  await mkdir(folder, { recursive: true });
  const billing = await startBilling();
  const browser = await launchChromium(executablePath);
  try {
    for (const name of states) {
      for (const [look, options] of Object.entries(LOOKS)) {
        const state = PAGE_STATES[name] as PageState;
        const context = { viewport: DESKTOP, reducedMotion: "reduce", ...options } as const;
        const { page, close } = await openPageState(browser, billing, { state, ...context });
        await page
          .getByText(state.shows[0] ?? "")
          .first()
          .waitFor();
        await page.waitForLoadState("networkidle");
        const path = `${folder}/${name.replaceAll(" ", "_")}_${look}.png`;
        await page.screenshot({ path, fullPage: true });
        process.stdout.write(`${path}\n`);
        await close();
      }
    }
  } finally {
    await browser.close();
    await billing.close();
  }
}
