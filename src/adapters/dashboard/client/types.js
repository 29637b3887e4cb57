/**
 * What the service answers, by the API's document.
 *
 * @typedef {import("../../client/billing_operations.ts").Subscription} Subscription
 * @typedef {import("../../client/billing_operations.ts").Plan} Plan
 * @typedef {import("../../client/billing_operations.ts").TokenPack} Pack
 * @typedef {import("../../client/billing_operations.ts").TokenPeriod} TokenPeriod
 * @typedef {import("../../client/billing_operations.ts").Invoice} Invoice
 * @typedef {import("../../client/billing_operations.ts").BillingDetails} BillingDetails
 * @typedef {import("../../client/billing_operations.ts").CheckoutPreview} Preview
 * @typedef {import("../../client/billing_operations.ts").EmailPeriod} EmailPeriod
 * @typedef {import("../../client/billing_operations.ts").Alerts} Alerts
 * @typedef {import("../../client/billing_operations.ts").AutoTopUp} AutoTopUp
 *
 * @typedef {import("../../client/billing_operations.ts").BillingOperations} Operations
 * @typedef {Operations["PUT /billing/auto-top-up"]["input"]["body"]} AutoTopUpWish
 * @typedef {Plan["prices"][number]} Price
 * @typedef {Price["interval"]} Interval
 * @typedef {Subscription["limits"]} Limits
 * @typedef {{ readonly data: readonly Invoice[],
 *   readonly meta: { readonly nextCursor: string | null } }} InvoiceList
 */

export {};
