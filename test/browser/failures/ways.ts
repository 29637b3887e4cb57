import type { Locator, Page } from "playwright-core";
import type { BrokenPage } from "./broken_page.ts";

/** A way in which the page talks to the service. */
export interface Way {
  readonly name: string;
  /** What fails, by method and path. */
  readonly paths: readonly string[];
  /** Faults that cannot happen to it. */
  readonly spared?: readonly string[];
  /** What is done before anything fails, such as typing. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** What leads to the requests, also again. */
  readonly act: (broken: BrokenPage) => Promise<void>;
  /** Where it is said what is wrong. */
  readonly told: (page: Page) => Locator;
  /** What is there once it has succeeded. */
  readonly done: (page: Page) => Locator;
  /** What was typed, which must not be lost. */
  readonly typed?: readonly [field: string, value: string];
}

const READS = {
  subscription: "GET /billing/subscription",
  plans: "GET /billing/plans",
  packs: "GET /billing/token-packs",
  tokens: "GET /billing/tokens/periods",
  emails: "GET /billing/usage/emails/periods",
  invoices: "GET /billing/invoices",
  details: "GET /billing/details",
};
const TOKENS_BELOW = "When fewer AI tokens are left than";

const status = (page: Page) => page.getByRole("status");
const renews = (page: Page) => page.getByText("Renews on");
const atStripe = (page: Page) => page.locator("mailingcore-billing[data-left]");

/** Loads the page's element anew. */
export async function reopen({ page }: { page: Page }): Promise<void> {
  await page.evaluate(`{
    const element = document.querySelector("mailingcore-billing");
    delete element.dataset.left;
    element.replaceWith(element);
    element.parentNode ?? document.querySelector("main").append(element);
  }`);
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name }).first().click();
}

async function ask({ page }: { page: Page }): Promise<void> {
  if (await page.getByRole("dialog").isVisible()) {
    await page.getByRole("dialog").getByRole("button", { name: "Back" }).click();
  }
  await press(page, "Upgrade to Business");
}

function part(name: string, paths: readonly string[], section: string, done: string): Way {
  return {
    name,
    paths,
    act: reopen,
    told: (page) => page.locator(section),
    done: (page) => page.locator(section).locator(done),
  };
}

function save(name: string, path: string, section: string, value: string): Way {
  const field = `${section} input[type="number"]`;
  return {
    name,
    paths: [path],
    typed: [field, value],
    prepare: async (page) => {
      await page.locator(section).getByLabel(TOKENS_BELOW).fill(value);
    },
    act: async ({ page }) => {
      await page.locator(section).getByRole("button", { name: "Save" }).click();
    },
    told: status,
    done: (page) => status(page).getByText("Saved."),
  };
}

function leave(name: string, path: string, button: string): Way {
  return {
    name,
    paths: [path],
    act: async ({ page }) => press(page, button),
    told: status,
    done: atStripe,
  };
}

function confirm(name: string, path: string, button: string): Way {
  const go = (page: Page) => page.getByRole("button", { name: "Continue to confirm" });
  const prepare = async (page: Page) => {
    if (!(await page.getByRole("dialog").isVisible())) {
      await press(page, button);
    }
    await go(page).waitFor();
  };
  return {
    name,
    paths: [path],
    prepare,
    act: async ({ page }) => {
      await prepare(page);
      await go(page).click();
    },
    told: (page) => page.getByRole("dialog").getByRole("alert"),
    done: atStripe,
  };
}

/** Every way in which the page talks to the service. */
export const WAYS: readonly Way[] = [
  {
    name: "at first",
    paths: Object.values(READS),
    spared: ["without the role"],
    act: reopen,
    told: (page) => page.locator(".full"),
    done: renews,
  },
  {
    name: "when somebody comes back to it",
    paths: Object.values(READS),
    act: async ({ page }) => {
      await page.clock.runFor(6_000);
      await page.evaluate('dispatchEvent(new Event("focus"))');
    },
    told: status,
    done: renews,
  },
  {
    name: "asking what a change costs",
    paths: ["GET /billing/checkout/preview"],
    act: ask,
    told: (page) => page.getByRole("dialog"),
    done: (page) => page.getByRole("dialog").getByText("Due now"),
  },
  confirm("changing the plan", "POST /billing/checkout", "Upgrade to Business"),
  confirm("ending the plan", "POST /billing/portal", "Cancel plan"),
  leave("changing the card", "POST /billing/portal", "Change payment method"),
  leave("buying a pack", "POST /billing/checkout", "Buy the pack Starter"),
  part("the plans on offer", [READS.plans], ".plans", ".plan-price"),
  part("the packs on offer", [READS.packs], ".packs", ".pack"),
  part("the months of tokens", [READS.tokens], ".tokens", ".chart, .chart-empty"),
  part("the months of e-mails", [READS.emails], ".emails", ".chart, .chart-empty"),
  part("the invoices", [READS.invoices], ".invoices", ".invoice-table"),
  part("who pays", [READS.details], ".overview", "dd:has-text('Visa ending in 4242')"),
  part("the alerts", ["GET /billing/alerts"], ".alerts", "form"),
  part("the top-up", ["GET /billing/auto-top-up"], ".top-up", "form"),
  save("saving alerts", "PUT /billing/alerts", ".alerts", "777"),
  save("saving the top-up", "PUT /billing/auto-top-up", ".top-up", "888"),
];
