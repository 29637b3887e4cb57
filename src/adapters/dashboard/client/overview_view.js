/**
 * @import { I18n } from "./i18n.js"
 * @import { Plan, Subscription } from "./types.js"
 */

import { planName, reasonText } from "./plan_words.js";
import { isRenewing } from "./standing/owing_status.js";

/**
 * Something to pay, and where.
 *
 * @typedef {object} Payable
 * @property {"bad" | "info"} tone
 * @property {string} text
 * @property {string} note
 * @property {string} pay
 * @property {string | null} url
 */

/**
 * Says whose limits hold, and why.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 */
export function inForce({ effectivePlanSlug, ...standing }, plans, i18n) {
  const plan = planName(effectivePlanSlug, plans, i18n);
  return i18n.t("inForceValue", { plan, reason: reasonText(standing, i18n) });
}

/**
 * What is owed, and where it is paid, invoice by invoice; `null` if nothing is. Without an address,
 * the invoice is not finished at Stripe.
 *
 * @param {Subscription} subscription
 * @param {I18n} i18n
 * @returns {Payable | null}
 */
export function owedView(subscription, i18n) {
  const { owed } = subscription;
  if (owed === null) {
    return null;
  }
  const amount = i18n.money(owed.amount, owed.currency);
  if (isRenewing(subscription)) {
    const text = i18n.t("owedSoon", { amount });
    return { ...payable(owed, i18n), tone: "info", text, note: i18n.t("owedSoonNote") };
  }
  const text =
    owed.dueAt === null
      ? i18n.t("owed", { amount })
      : i18n.t("owedSince", { amount, date: i18n.date(owed.dueAt) });
  const note = owed.invoiceUrl === null ? i18n.t("owedDraft") : "";
  return { ...payable(owed, i18n), tone: "bad", text, note };
}

/**
 * What is invoiced by e-mail and not due yet; `null` if nothing is.
 *
 * @param {Pick<Subscription, "dueLater">} subscription
 * @param {I18n} i18n
 * @returns {Payable | null}
 */
export function dueLaterView({ dueLater }, i18n) {
  if (dueLater === null || dueLater.dueAt === null) {
    return null;
  }
  const amount = i18n.money(dueLater.amount, dueLater.currency);
  const text = i18n.t("dueLater", { amount, date: i18n.date(dueLater.dueAt) });
  return { ...payable(dueLater, i18n), tone: "info", text, note: "" };
}

/**
 * @param {NonNullable<Subscription["owed"]>} owed
 * @param {I18n} i18n
 */
function payable({ invoiceAmount, currency, invoiceUrl: url }, i18n) {
  return { pay: i18n.t("payAmount", { amount: i18n.money(invoiceAmount, currency) }), url };
}

/**
 * What is on its way; `null` if nothing is. Where nothing else is owed or paused, there is nothing to
 * do.
 *
 * @param {Subscription} subscription
 * @param {I18n} i18n
 */
export function processingText({ processing, owed, status }, i18n) {
  const isAll = owed === null && status !== "paused";
  return (
    processing &&
    i18n.t(isAll ? "processing" : "processingPart", {
      amount: i18n.money(processing.amount, processing.currency),
    })
  );
}

/**
 * What changes by itself, when, and what it costs then; `null` if nothing does.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {{ text: string, keep: string } | null}
 */
export function scheduledView({ planSlug, scheduledChange }, plans, i18n) {
  if (scheduledChange === null) {
    return null;
  }
  const plan = plans.find(({ slug }) => slug === scheduledChange.planSlug);
  const price = plan?.prices.find(({ interval }) => interval === scheduledChange.interval);
  const values = {
    plan: planName(scheduledChange.planSlug, plans, i18n),
    date: i18n.date(scheduledChange.effectiveAt),
  };
  const text =
    price === undefined
      ? i18n.t("scheduled", values)
      : i18n.t("scheduledPrice", {
          ...values,
          price: i18n.money(price.amount, price.currency),
          per: i18n.t(price.interval === "year" ? "perYear" : "perMonth"),
        });
  return { text, keep: i18n.t("keepPlan", { plan: planName(planSlug, plans, i18n) }) };
}

/**
 * What is charged next, and when; `null` if nothing is.
 *
 * @param {Subscription} subscription
 * @param {I18n} i18n
 */
export function nextInvoiceText({ nextInvoice }, i18n) {
  return (
    nextInvoice &&
    i18n.t("amountOnDate", {
      amount: i18n.money(nextInvoice.amount, nextInvoice.currency),
      date: i18n.date(nextInvoice.at),
    })
  );
}
