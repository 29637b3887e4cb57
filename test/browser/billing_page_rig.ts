import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { StartedBilling } from "../rig/started_billing.ts";
import type { PageState } from "./page_states.ts";
import { SESSION_URL, type Session } from "./played_dashboard.ts";
import type { PlayedTenants } from "./played_tenants.ts";
import { openWatchedPage, type WatchedPage } from "./watched_page.ts";

/** The width and height of a phone. */
export const PHONE = { width: 375, height: 812 };
/** The width and height of a wide screen. */
export const DESKTOP = { width: 1280, height: 900 };

/** Answers in the service's place, by path. */
export type Answers = Readonly<Record<string, Answer>>;

/** A whole answer, by its JSON or its text; or none at all. */
export type Answer =
  | "no connection"
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
      readonly text?: string;
    };

/** An error as the service writes it. */
export function refusal(status: number, code: string, fields: object = {}) {
  return { status, body: { statusCode: status, message: code, code, ...fields } };
}

/** The link that opens the page signed in. */
export function signInUrl({ service }: StartedBilling): string {
  const url = service.welcome?.signInUrl;
  if (!url) {
    throw new Error("Expected a service in development mode");
  }
  return url;
}

/** Opens a played tenant's page as it is, with the faults of a state. */
export async function openPageState(
  browser: Browser,
  played: PlayedTenants,
  { state, ...options }: BrowserContextOptions & { state: PageState },
): Promise<WatchedPage> {
  const { faults = {}, query = "", locale = "en-US", signedOut = false, tenant, role } = state;
  const session = played.session(tenant, role);
  const asked = { ...session, tenantId: state.foreignTenant ?? session.tenantId };
  const watched = await openWatchedPage(browser, { viewport: DESKTOP, locale, ...options });
  const { page } = watched;
  const { service } = played.billing;
  await answerApi(page, faults);
  await answerSession(page, signedOut ? null : asked);
  await page.goto(`${service.url}/dashboard/billing${query}`);
  return watched;
}

/** Says to the page, in the dashboard's place, who is signed in. */
export async function answerSession(page: Page, session: Session | null): Promise<void> {
  await page.route(SESSION_URL, async (route) => {
    const { origin = "" } = await route.request().allHeaders();
    const headers = {
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
    };
    await route.fulfill(
      session === null ? { status: 204, headers } : { status: 200, headers, json: session },
    );
  });
}

/** Answers some of the API's routes in the service's place. */
export async function answerApi(page: Page, answers: Answers): Promise<void> {
  for (const [path, answer] of Object.entries(answers)) {
    await page.route(
      ({ pathname }) => pathname === path,
      async (route) => {
        if (answer === "no connection") {
          await route.abort("internetdisconnected");
          return;
        }
        const { status = 200, headers = {}, body, text } = answer;
        await route.fulfill({
          status,
          headers,
          ...(text === undefined ? { json: body } : { body: text, contentType: "text/html" }),
        });
      },
    );
  }
}

/** What a page shows, in one line. */
export async function seenText(page: Page): Promise<string> {
  return (await page.locator("mailingcore-billing .billing").innerText()).replace(/\s+/g, " ");
}

/** What the browser complained of, but for requests that a state lets fail. */
export function realProblems({ problems }: WatchedPage): readonly string[] {
  return problems.filter((problem) => !problem.includes("Failed to load resource"));
}
