/**
 * @import { Interval, Subscription } from "./types.js"
 */

/**
 * What somebody went to Stripe for. It is carried in the addresses that Stripe returns to, because
 * nothing else survives the way there and back; it decides nothing, it only says what to wait for.
 *
 * @typedef {{ type: "plan", planSlug: string, interval: Interval, effectiveAt: string | null }
 *   | { type: "pack", packSlug: string }} Errand
 *
 * @typedef {{ type: "success", errand: Errand, sessionId: string | null }
 *   | { type: "cancel" } | { type: "portal" }} Return
 */

const PREFIX = "billing-";
/** Stripe puts the Checkout session's id in its place. */
const SESSION = "{CHECKOUT_SESSION_ID}";
/** How long to wait before each further look: a minute in all. */
export const WAITS_MS = [700, 1_000, 1_300, 2_000, 3_000, 4_000, ...Array(9).fill(5_000)];
/** The same after a visit to the Portal, where perhaps nothing was changed. */
export const PORTAL_WAITS_MS = [1_000, 2_000, 4_000];

/**
 * The addresses to return to. Whoever turns back at Checkout has changed nothing; of the Portal
 * nobody knows.
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

/** The address that the Portal returns to. @param {string} page */
export function portalUrl(page) {
  return marked(page, { return: "portal" }).href;
}

/**
 * What an address says about a return; `null` where it says nothing that is understood.
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

/** The address without what was said about a return. @param {string} address */
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
 * Whether what was chosen is in force.
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
 * The tokens that a Checkout has added; `null` while it has not.
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

/** Stripe knows its placeholder only as it is written, not encoded. @param {URL} url */
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
