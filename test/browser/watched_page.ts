import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A page, and all that went wrong on it: console errors, exceptions, breaches of the policy. */
export interface WatchedPage {
  readonly page: Page;
  /** What the browser complained of since the page was opened. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** Opens an empty page in a context of its own, which shares nothing with other pages. */
export async function openWatchedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: "en-US", timezoneId: "UTC", ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(`${message.type()}: ${message.text()}`);
    }
  });
  return { page, problems, close: () => context.close() };
}

/**
 * What axe finds wrong with the page as it is now, by the rules of WCAG 2.2 A and AA and the best
 * practices: one line per element, empty when there is nothing.
 */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) {
    await page.evaluate(AXE);
  }
  const results = await page.evaluate(
    async () =>
      // biome-ignore lint/suspicious/noExplicitAny: axe is a global of the page, not of this file
      (await (globalThis as any).axe.run({ resultTypes: ["violations"] })) as {
        violations: {
          id: string;
          help: string;
          nodes: { html: string; failureSummary: string }[];
        }[];
      },
  );
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} (${failureSummary})`),
  );
}
