import { expect } from "chai";
import type { Locator, Page, Request, Route } from "playwright-core";
import type { Answer } from "../billing_page_rig.ts";

/** So long does the page's clock run at most until something is to be seen. Seconds. */
const LONGEST_SECONDS = 90;

/**
 * What the page is given: a time limit of requests that follows its clock, because no clock of a
 * test moves the browser's; and a count of the requests that it waits for.
 */
const INSTRUMENTS = `{
  AbortSignal.timeout = (ms) => {
    const limit = new AbortController();
    setTimeout(() => limit.abort(new DOMException("timed out", "TimeoutError")), ms);
    return limit.signal;
  };
  const send = fetch;
  let open = 0;
  globalThis.openRequests = () => open;
  globalThis.fetch = async (...request) => {
    open += 1;
    try {
      const response = await send(...request);
      await response.clone().arrayBuffer();
      return response;
    } finally {
      open -= 1;
    }
  };
}`;

/** What can go wrong with a request. */
export type Fault = Exclude<Answer, "no connection"> | "no answer" | "refused" | "offline";

/**
 * A page whose requests fail as a test wants, and whose clock runs only while nothing is under way
 * but what is never answered: time limits and pauses are over at once, and no good answer is late.
 */
export class BrokenPage {
  readonly page: Page;
  #fault: { readonly paths: readonly string[]; readonly fault: Fault } | null = null;
  /** Requests that are never answered. */
  readonly #held = new Map<Request, Route>();

  private constructor(page: Page) {
    this.page = page;
  }

  /** Takes over an empty page. */
  static async of(page: Page): Promise<BrokenPage> {
    const broken = new BrokenPage(page);
    await page.clock.install();
    await page.addInitScript(INSTRUMENTS);
    page.on("requestfailed", (request) => broken.#held.delete(request));
    await page.route(/\/billing\//, (route) => broken.#answer(route));
    return broken;
  }

  /** Lets requests fail from now on, those of a `method path`. */
  async breaks(paths: readonly string[], fault: Fault): Promise<void> {
    this.#fault = { paths, fault };
    if (fault === "offline") {
      await this.page.context().setOffline(true);
    }
  }

  /** Answers as usual again. */
  async mends(): Promise<void> {
    this.#fault = null;
    await this.page.context().setOffline(false);
    for (const route of this.#held.values()) {
      await route.abort().catch(() => undefined);
    }
    this.#held.clear();
  }

  /** Lets time pass until something is there, or is not any more. */
  async until(what: Locator, state: "visible" | "hidden" = "visible"): Promise<void> {
    for (let seconds = 0; seconds < LONGEST_SECONDS; seconds += 1) {
      while (Number(await this.page.evaluate("openRequests()")) > this.#held.size) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if ((await what.first().isVisible()) === (state === "visible")) {
        return;
      }
      await this.page.clock.runFor(1_000);
    }
    const seen = await this.page.locator("mailingcore-billing .billing").innerText();
    expect.fail(`${what} is not ${state} after ${LONGEST_SECONDS} s, but:\n${seen}`);
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const asked = `${request.method()} ${new URL(request.url()).pathname}`;
    const { paths, fault } = this.#fault ?? { paths: [], fault: "offline" };
    if (!paths.includes(asked) || fault === "offline") {
      await route.continue();
    } else if (fault === "no answer") {
      this.#held.set(request, route);
    } else if (fault === "refused") {
      await route.abort("connectionrefused");
    } else {
      const { status = 200, headers = {}, body, text } = fault;
      const content =
        text === undefined ? { json: body } : { body: text, contentType: "text/html" };
      await route.fulfill({ status, headers: { ...CROSS_ORIGIN, ...headers }, ...content });
    }
  }
}

/** What the service sends with every answer, so that pages of other origins can read it. */
const CROSS_ORIGIN = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Retry-After",
};
