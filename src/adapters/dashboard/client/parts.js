/**
 * @import { BillingClient } from "../../client/create_billing_client.ts"
 * @import { PartName } from "./store.js"
 * @import { InvoiceList } from "./types.js"
 */

/** What everybody sees of the page beside the subscription, as the service has it stored. */
export const STORED_PARTS = /** @type {const} */ (["plans", "packs", "periods", "emailPeriods"]);
/** What everybody sees that the service asks Stripe for. */
export const ASKED_PARTS = /** @type {const} */ (["invoices", "details"]);
/** What only those see who may spend the tenant's money. */
export const PAYER_PARTS = /** @type {const} */ (["alerts", "autoTopUp"]);
/** The parts that a payment changes, by and by. */
export const PAID_PARTS = /** @type {const} */ ([
  "subscription",
  "periods",
  "emailPeriods",
  "invoices",
]);
/** The parts that may have changed while the user was elsewhere. */
export const CHANGING = /** @type {const} */ ([...PAID_PARTS, "details"]);

/** So many months are kept, and shown. */
const [MONTHS, INVOICES] = [24, 12];

/** The most invoices of a page. */
const MOST_INVOICES = 100;

/** @typedef {{ api: BillingClient, tenantId: string }} Context */

/**
 * Reads a part of the page.
 *
 * @param {PartName} part
 * @param {Context & { invoices: number }} context `invoices`: how many are shown already, which stay
 * @returns {Promise<unknown>}
 */
export async function loadPart(part, { api, tenantId, invoices }) {
  switch (part) {
    case "subscription":
      return await api.call("GET /billing/subscription", { tenantId });
    case "plans":
      return (await api.call("GET /billing/plans")).data;
    case "packs":
      return (await api.call("GET /billing/token-packs")).data;
    case "periods":
      return (await api.call("GET /billing/tokens/periods", { tenantId, query: { limit: MONTHS } }))
        .data;
    case "emailPeriods": {
      const { data } = await api.call("GET /billing/usage/emails/periods", { tenantId });
      return data.slice(-MONTHS).toReversed();
    }
    case "invoices": {
      const limit = Math.min(MOST_INVOICES, Math.max(INVOICES, invoices));
      return await api.call("GET /billing/invoices", { tenantId, query: { limit } });
    }
    case "details":
      return await api.call("GET /billing/details", { tenantId });
    case "autoTopUp":
      return await api.call("GET /billing/auto-top-up", { tenantId });
    case "alerts":
      return await api.call("GET /billing/alerts", { tenantId });
    default:
      return /** @type {never} */ (part);
  }
}

/**
 * Reads the next page of invoices and puts it below the first.
 *
 * @param {Context} context
 * @param {InvoiceList} newer
 * @returns {Promise<InvoiceList>}
 */
export async function olderInvoices({ api, tenantId }, newer) {
  const cursor = newer.meta.nextCursor ?? undefined;
  const query = { limit: INVOICES, cursor };
  const older = await api.call("GET /billing/invoices", { tenantId, query });
  return { ...older, data: [...newer.data, ...older.data] };
}
