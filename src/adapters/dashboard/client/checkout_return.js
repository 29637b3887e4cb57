/**
 * @import { Interval, Subscription } from "./types.js"
 */

/**
 * Why the user went to Stripe. The addresses that Stripe returns to carry it, because nothing else
 * survives the round trip. It decides nothing and is never shown (P21): it only tells what to look
 * for in the service's answers.
 *
 * @typedef {{ type: "plan", planSlug: string, interval: Interval }
 *   | { type: "pack", packSlug: string }} Errand
 *
 * @typedef {{ type: "success", errand: Errand, sessionId: string | null }
 *   | { type: "cancel" } | { type: "portal" }} Return
 */

const PREFIX = "billing-";
/** Stripe replaces this with the id of the Checkout session. */
const SESSION = "{CHECKOUT_SESSION_ID}";
/** Waits before each further look, one minute in total. */
export const WAITS_MS = [700, 1_000, 1_300, 2_000, 3_000, 4_000, ...Array(9).fill(5_000)];
/** Waits after a visit to the Portal, where perhaps nothing was changed. */
export const PORTAL_WAITS_MS = [1_000, 2_000, 4_000];

/**
 * Returns the addresses to return to. Turning back at Checkout has changed nothing; turning back at
 * the Portal may have.
 *
 * @param {string} page the page's own address
 * @param {Errand} errand
 * @param {"checkout" | "portal"} mode
 * @returns {{ successUrl: string, cancelUrl: string }}
 */
export function checkoutUrls(page, errand, mode) {
  const { type, ...facts } = errand;
  const success = marked(page, { return: "success", for: type, ...facts });
  return {
    successUrl: withSession(success),
    cancelUrl: mode === "portal" ? portalUrl(page) : marked(page, { return: "cancel" }).href,
  };
}

/** Returns the address that the Portal leads back to. @param {string} page */
export function portalUrl(page) {
  return marked(page, { return: "portal" }).href;
}

/**
 * Reads what an address says about a return; `null` if nothing, or nothing intelligible.
 *
 * @param {string} address
 * @returns {Return | null}
 */
export function readReturn(address) {
  const query = new URL(address).searchParams;
  const read = (/** @type {string} */ name) => query.get(`${PREFIX}${name}`);
  switch (read("return")) {
    case "cancel":
      return { type: "cancel" };
    case "portal":
      return { type: "portal" };
    case "success": {
      const errand = readErrand(read);
      return errand && { type: "success", errand, sessionId: read("session") || null };
    }
    default:
      return null;
  }
}

/** Returns the address without anything about a return. @param {string} address */
export function withoutReturn(address) {
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()]) {
    if (name.startsWith(PREFIX)) {
      url.searchParams.delete(name);
    }
  }
  return url.href;
}

/**
 * Whether the chosen plan is in force, or is to come at the end of the period. One that runs at
 * Stripe while a bank has not paid yet is not in force.
 *
 * @param {Extract<Errand, { type: "plan" }>} errand
 * @param {Subscription} subscription
 * @returns {"now" | "later" | null}
 */
export function planArrived({ planSlug, interval }, subscription) {
  const { status, reason, scheduledChange } = subscription;
  const runs = (status === "active" || status === "trialing") && reason === "in_good_standing";
  if (runs && subscription.planSlug === planSlug && subscription.interval === interval) {
    return "now";
  }
  const isScheduled =
    scheduledChange?.planSlug === planSlug && scheduledChange.interval === interval;
  return isScheduled ? "later" : null;
}

/**
 * Returns the tokens that a Checkout has added; `null` if it has not yet.
 *
 * @param {string | null} sessionId
 * @param {readonly { readonly key: string, readonly amount: number }[]} entries of the ledger
 * @returns {number | null}
 */
export function packArrived(sessionId, entries) {
  return entries.find(({ key }) => key === `pack:${sessionId}`)?.amount ?? null;
}

/**
 * @param {string} page
 * @param {Readonly<Record<string, string>>} facts
 */
function marked(page, facts) {
  const url = new URL(withoutReturn(page));
  for (const [name, value] of Object.entries(facts)) {
    url.searchParams.set(`${PREFIX}${name}`, value);
  }
  return url;
}

/** Adds the placeholder unencoded, because Stripe only recognises it that way. @param {URL} url */
function withSession(url) {
  return `${url.origin}${url.pathname}${url.search}&${PREFIX}session=${SESSION}${url.hash}`;
}

/**
 * @param {(name: string) => string | null} read
 * @returns {Errand | null}
 */
function readErrand(read) {
  const [planSlug, packSlug, interval] = [read("planSlug"), read("packSlug"), read("interval")];
  if (read("for") === "pack" && packSlug) {
    return { type: "pack", packSlug };
  }
  if (read("for") === "plan" && planSlug && (interval === "month" || interval === "year")) {
    return { type: "plan", planSlug, interval };
  }
  return null;
}
