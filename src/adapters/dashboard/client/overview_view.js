/**
 * @import { I18n } from "./i18n.js"
 * @import { Plan, Subscription } from "./types.js"
 */

import { planName, reasonText } from "./plan_words.js";

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
 * @returns {{ text: string, pay: string, url: string | null } | null}
 */
export function owedView({ owed }, i18n) {
  if (owed === null) {
    return null;
  }
  const amount = i18n.money(owed.amount, owed.currency);
  const text =
    owed.dueAt === null
      ? i18n.t("owed", { amount })
      : i18n.t("owedSince", { amount, date: i18n.date(owed.dueAt) });
  const asked = i18n.money(owed.invoiceAmount, owed.currency);
  return { text, pay: i18n.t("payAmount", { amount: asked }), url: owed.invoiceUrl };
}

/**
 * What is on its way; `null` if nothing is. Where nothing else is owed, there is nothing to do.
 *
 * @param {Subscription} subscription
 * @param {I18n} i18n
 */
export function processingText({ processing, owed }, i18n) {
  return (
    processing &&
    i18n.t(owed === null ? "processing" : "processingPart", {
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
