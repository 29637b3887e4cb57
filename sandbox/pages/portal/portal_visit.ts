import type { Request, Response } from "express";
import type { Account } from "../../account.ts";
import { RequestError } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type {
  WireCustomer,
  WirePortalConfiguration,
  WirePortalSession,
  WireSubscription,
} from "../../state/wire.ts";
import { messagePage, type Page, sendPage } from "../layout.ts";

/** A Portal link stops working after this time. */
const VALID_SECONDS = 3600;

/** What can be done in the Portal, and what is said once it is. */
const DONE = {
  canceled: "Your subscription will end.",
  ended: "Your subscription has ended.",
  renewed: "Your subscription goes on.",
  updated: "Your plan was updated.",
  scheduled: "Your plan will change at the end of the period.",
  kept: "Your plan stays as it is.",
  card: "Your card was saved.",
  details: "Your billing details were saved.",
} as const;

/** The key of something that was done in the Portal. */
export type Done = keyof typeof DONE;

/** Somebody with a valid link to the Portal. */
export interface Visit {
  account: Account;
  session: WirePortalSession;
  customer: WireCustomer;
  features: WirePortalConfiguration["features"];
  /** The path of the session's pages. */
  path: string;
}

/** The visit that a Portal session's id opens, or the page that says why it opens none. */
export function openVisit(account: Account, id: string): Visit | { refusal: Page } {
  account.catchUp();
  const { state } = account;
  const session = state.portalSessions.get(id);
  const customer = state.customers.get(session?.customer ?? "");
  const configuration = state.portalConfigurations.get(session?.configuration ?? "");
  if (session === undefined || customer === undefined || configuration === undefined) {
    const text = "There is no such billing portal session.";
    return { refusal: messagePage("Not found", text, { status: 404 }) };
  }
  if (account.nowMs() / 1000 > session.created + VALID_SECONDS) {
    const text =
      "This link to the billing portal has expired. Open the portal from the site again.";
    const back = session.return_url;
    return { refusal: messagePage("Link expired", text, { status: 410, back, tone: "warn" }) };
  }
  const { features } = configuration;
  return { account, session, customer, features, path: `/p/session/${id}` };
}

/** Makes a change for a visitor, in the visitor's own time. */
export function change<T>(visit: Visit, work: (tx: Transaction) => T): T {
  return visit.account.transact(work, [visit.customer.id]);
}

/**
 * The visitor's subscription that a request names.
 * @throws {RequestError} 404 where the visitor has no such subscription
 */
export function visitedSubscription(visit: Visit, request: Request): WireSubscription {
  const id = String(request.params.subscription);
  const subscription = visit.account.state.subscriptions.get(id);
  if (subscription === undefined || subscription.customer !== visit.customer.id) {
    throw new RequestError("You have no such subscription.", {
      status: 404,
      type: "invalid_request_error",
    });
  }
  return subscription;
}

/** What is said of something that was done; undefined for what is no key of {@linkcode Done}. */
export function doneText(done: unknown): string | undefined {
  return new Map<unknown, string>(Object.entries(DONE)).get(done);
}

/** Where a finished flow sends the customer: what the session's `after_completion` says. */
export function finishFlow(
  visit: Visit,
  response: Response,
  finished: { flow: string; done: Done },
): void {
  const { flow, return_url: back } = visit.session;
  const after = flow?.type === finished.flow ? flow.after_completion : undefined;
  if (after?.type === "redirect" && after.redirect !== null) {
    response.redirect(303, after.redirect.return_url);
  } else if (after?.type === "hosted_confirmation") {
    const text = after.hosted_confirmation?.custom_message ?? "There is nothing left to do here.";
    const options = { status: 200, tone: "good", back } as const;
    sendPage(response, messagePage(DONE[finished.done], text, options));
  } else {
    goHome(visit, response, finished.done);
  }
}

/** Sends the customer to the Portal's first page, which says what was done. */
export function goHome(visit: Visit, response: Response, done: Done): void {
  response.redirect(303, `${visit.path}/home?done=${done}`);
}
