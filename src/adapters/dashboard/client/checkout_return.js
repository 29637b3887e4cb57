/**
 * @import { Interval, Subscription } from "./types.js"
 */

/**
 * Why the user went to Stripe. The addresses that Stripe returns to carry it, because nothing else
 * survives the round trip. It decides nothing; it only tells what to wait for.
 *
 * @typedef {{ type: "plan", planSlug: string, interval: Interval, effectiveAt: string | null }
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
 * Whether the chosen plan is in force.
 *
 * @param {Extract<Errand, { type: "plan" }>} errand
 * @param {Subscription} subscription
 */
export function planArrived({ planSlug, interval }, subscription) {
  const { status } = subscription;
  return (
    subscription.planSlug === planSlug &&
    subscription.interval === interval &&
    (status === "active" || status === "trialing")
  );
}

/**
 * Returns the tokens that a Checkout has added; `null` if it has not yet.
 *
 * @param {string | null} sessionId
 * @param {readonly { key: string, amount: number }[]} entries of the ledger
 * @returns {number | null}
 */
export function packArrived(sessionId, entries) {
  return entries.find(({ key }) => key === `pack:${sessionId}`)?.amount ?? null;
}

/**
 * @param {string} page
 * @param {Readonly<Record<string, string | null>>} facts
 */
function marked(page, facts) {
  const url = new URL(withoutReturn(page));
  url.hash = "";
  for (const [name, value] of Object.entries(facts)) {
    if (value !== null) {
      url.searchParams.set(`${PREFIX}${name}`, value);
    }
  }
  return url;
}

/** Adds the placeholder unencoded, because Stripe only recognises it that way. @param {URL} url */
function withSession(url) {
  return `${url.href}&${PREFIX}session=${SESSION}`;
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
    return { type: "plan", planSlug, interval, effectiveAt: isoDate(read("effectiveAt")) };
  }
  return null;
}

/** @param {string | null} text */
function isoDate(text) {
  return text !== null && !Number.isNaN(Date.parse(text)) ? text : null;
}
