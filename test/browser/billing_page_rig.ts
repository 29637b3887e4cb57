import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { StartedBilling } from "../rig/started_billing.ts";
import type { Answers } from "./billing_answers.ts";
import type { PageState } from "./page_states.ts";
import { openWatchedPage, type WatchedPage } from "./watched_page.ts";

/** The width and height of a phone. */
export const PHONE = { width: 375, height: 812 };
/** The width and height of a wide screen. */
export const DESKTOP = { width: 1280, height: 900 };

/** The link that opens the page signed in. */
export function signInUrl({ service }: StartedBilling): string {
  const url = service.welcome?.signInUrl;
  if (!url) {
    throw new Error("Expected a service in development mode");
  }
  return url;
}

/** Opens the page in a state: the API's answers are given, all else is the service's own. */
export async function openPageState(
  browser: Browser,
  billing: StartedBilling,
  { state, ...options }: BrowserContextOptions & { state: PageState },
): Promise<WatchedPage> {
  const { answers, query = "", locale = "en-US", signedOut = false } = state;
  const watched = await openWatchedPage(browser, { viewport: DESKTOP, locale, ...options });
  const { page } = watched;
  await answerApi(page, answers);
  if (!signedOut) {
    await page.request.get(signInUrl(billing));
  }
  await page.goto(`${billing.service.url}/dashboard/billing${query}`);
  return watched;
}

/** Answers the API's routes in the service's place. */
export async function answerApi(page: Page, answers: Answers): Promise<void> {
  await page.route(
    ({ pathname }) => pathname.startsWith("/billing/"),
    async (route) => {
      const answer = answers[new URL(route.request().url()).pathname];
      if (answer === undefined) {
        await route.abort();
        return;
      }
      const { status = 200, headers = {}, body } = answer;
      await route.fulfill({ status, headers, json: body });
    },
  );
}

/** What a page shows, in one line. */
export async function seenText(page: Page): Promise<string> {
  return (await page.locator("mailingcore-billing .billing").innerText()).replace(/\s+/g, " ");
}

/** What the browser complained of, but for requests that a state lets fail. */
export function realProblems({ problems }: WatchedPage): readonly string[] {
  return problems.filter((problem) => !problem.includes("Failed to load resource"));
}
