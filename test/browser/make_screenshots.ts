import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { BrowserContextOptions } from "playwright-core";
import { DESKTOP, openPageState, PHONE } from "./billing_page_rig.ts";
import { findChromium, launchChromium } from "./describe_in_chromium.ts";
import { PAGE_STATES, type PageState } from "./page_states.ts";
import { playTenants } from "./played_tenants.ts";

const HELP = `Writes screenshots of the Billing page, as the README shows them: of tenants that have lived
for some months at the service and the sandbox.

  npm run screenshots                      the README's, into docs/images
  npm run screenshots -- --all FOLDER      every state, wide, dark and on a phone, to look at
  npm run screenshots -- --all FOLDER --only NAME
`;
const README = { folder: "docs/images", states: ["active"] };
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: {},
  dark: { colorScheme: "dark" },
  phone: { viewport: PHONE },
};

function refuse(problem: string): never {
  process.stderr.write(`Cannot make screenshots: ${problem}\n\n${HELP}`);
  process.exit(2);
}

function options() {
  try {
    const only = { type: "string", multiple: true } as const;
    const help = { type: "boolean", short: "h" } as const;
    return parseArgs({ options: { all: { type: "string" }, only, help } }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const { all, only, help } = options();
if (help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const unknown = only?.find((name) => !Object.hasOwn(PAGE_STATES, name));
if (unknown !== undefined) {
  refuse(`there is no state "${unknown}". There are: ${Object.keys(PAGE_STATES).join("; ")}`);
}
if (all === undefined && only !== undefined) {
  refuse("--only needs --all, which says where to");
}
const states = only ?? Object.keys(PAGE_STATES);
await makeScreenshots(all === undefined ? README : { folder: all, states });

async function makeScreenshots({ folder, states }: { folder: string; states: readonly string[] }) {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("Cannot make screenshots: there is no chromium on the PATH");
  }
  await mkdir(folder, { recursive: true });
  const played = await playTenants();
  const browser = await launchChromium(executablePath);
  try {
    for (const name of states) {
      for (const [look, options] of Object.entries(LOOKS)) {
        const state = PAGE_STATES[name] as PageState;
        const context = { viewport: DESKTOP, reducedMotion: "reduce", ...options } as const;
        const { page, close } = await openPageState(browser, played, { state, ...context });
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
    await played.close();
  }
}
