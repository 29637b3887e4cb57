/**
 * @import { I18n } from "./i18n.js"
 * @import { MessageKey } from "./messages.js"
 * @import { Plan, Preview, Price, Subscription } from "./types.js"
 */

import { planName } from "./plan_words.js";

/**
 * How many of each thing the tenant has, such as `{ domains: 4 }`, as the dashboard around the page
 * knows it.
 *
 * @typedef {Readonly<Partial<Record<string, number>>>} Counts
 */

/** The limit that is granted, not counted. */
const TOKENS = "tokensIncludedMonth";

/**
 * Returns what a choice costs, and when, in words.
 *
 * @param {Preview} preview
 * @param {{ presentName: string, counts: Counts, plans: readonly Plan[] }} tenant `presentName` is
 *   what it has until then, `plans` what is on offer
 * @param {I18n} i18n
 * @param {Price["tax"]} [tax] how the chosen price relates to its tax
 */
export function previewView(preview, { presentName, counts, plans }, i18n, tax = null) {
  const { dueNow, nextPayment, currency, effective, trialDays, mode } = preview;
  return {
    lines: invoiceLines(preview, plans, i18n),
    changes: changeViews(outlookOf(preview), counts, i18n),
    dueNow: i18n.money(dueNow, currency),
    tax: taxNote(preview, tax, i18n),
    trial: trialDays === null ? "" : i18n.t("dialogTrial", { count: trialDays }),
    next: i18n.t("amountOnDate", {
      amount: i18n.money(nextPayment, currency),
      date: i18n.date(preview.nextPaymentAt),
    }),
    effective:
      effective === "now"
        ? i18n.t("dialogAtOnce")
        : i18n.t("dialogOnDate", { date: i18n.date(preview.effectiveAt), plan: presentName }),
    go: i18n.t(mode === "checkout" ? "dialogPay" : "dialogConfirm"),
  };
}

/**
 * Returns the lines that add up to the amount due now; none if one line says it all.
 *
 * @param {Preview} preview
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {{ name: string, amount: string }[]}
 */
function invoiceLines({ lines, tax, taxIncluded, balanceApplied, currency }, plans, i18n) {
  const line = (/** @type {string} */ name, /** @type {number} */ amount) => ({
    name,
    amount: i18n.money(amount, currency),
  });
  const all = [
    ...lines.map((one) => line(lineName(one, plans, i18n), one.amount)),
    ...(tax === taxIncluded ? [] : [line(i18n.t("dialogTaxes"), tax - taxIncluded)]),
    ...(balanceApplied === 0 ? [] : [line(i18n.t("dialogBalance"), 0 - balanceApplied)]),
  ];
  return all.length > 1 ? all : [];
}

/**
 * Says what a line is for: in Stripe's words where only they do.
 *
 * @param {Preview["lines"][number]} line
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 */
function lineName({ kind, planSlug, description }, plans, i18n) {
  const plan = planName(planSlug, plans, i18n);
  switch (kind) {
    case "plan":
      return plan;
    case "unused_time":
      return i18n.t("dialogUnusedTime", { plan });
    case "remaining_time":
      return i18n.t("dialogRemainingTime", { plan });
    case "discount":
      return i18n.t("dialogDiscount");
    case "other":
      return description;
    default:
      return /** @type {never} */ (kind);
  }
}

/**
 * Returns what the amount due now says of taxes beside its lines. At a first purchase nobody may
 * know yet where the buyer is; then none has been computed.
 *
 * @param {Preview} preview
 * @param {Price["tax"]} priced
 * @param {I18n} i18n
 */
function taxNote({ mode, tax, taxIncluded, currency }, priced, i18n) {
  if (taxIncluded !== 0) {
    return i18n.t("dialogTaxesIncluded", { amount: i18n.money(taxIncluded, currency) });
  }
  return mode === "checkout" && tax === 0 && priced === "exclusive"
    ? i18n.t("dialogTaxesUnknown")
    : "";
}

/**
 * Returns what the end of a subscription changes. It costs nothing, and comes when the paid period
 * is over (P19).
 *
 * @param {{ plan: Plan, subscription: Subscription }} offer `plan` is the free one
 * @param {{ presentName: string, counts: Counts }} tenant
 * @param {I18n} i18n
 */
export function endView({ plan, subscription }, { presentName, counts }, i18n) {
  const { limits, tokens, currentPeriodEnd } = subscription;
  const keys = /** @type {(keyof typeof limits)[]} */ (Object.keys(limits));
  const outlook = {
    limits: keys
      .filter((key) => key !== TOKENS)
      .map((key) => ({ name: thingOf(key), now: limits[key], later: plan[key], used: null })),
    tokens: { left: tokens.monthly, later: plan[TOKENS] },
  };
  return {
    changes: changeViews(outlook, counts, i18n),
    effective: i18n.t("dialogOnDate", { date: i18n.date(currentPeriodEnd), plan: presentName }),
  };
}

/**
 * What may be used now and later.
 *
 * @typedef {object} Outlook
 * @property {readonly { name: string, now: number | null, later: number | null,
 *   used: number | null }[]} limits
 * @property {{ left: number, later: number }} tokens
 */

/**
 * @param {Preview} preview
 * @returns {Outlook}
 */
function outlookOf({ limits, tokens: { left, then: tokensLater } }) {
  return {
    limits: limits.map(({ name, now, then: later, used }) => ({ name, now, later, used })),
    tokens: { left, later: tokensLater },
  };
}

/**
 * Returns how a choice changes limits and tokens, and what is over a lower limit.
 *
 * @param {Outlook} outlook
 * @param {Counts} counts
 * @param {I18n} i18n
 */
function changeViews({ limits, tokens }, counts, i18n) {
  const amount = (/** @type {number | null} */ value) =>
    value === null ? i18n.t("unlimited") : i18n.number(value);
  const changed = limits
    .filter(({ now, later, used }) => now !== later || (used ?? 0) > 0)
    .map(({ name, now, later, used }) => ({
      key: name,
      name: i18n.t(limitName(name)),
      present: amount(now),
      value: amount(later),
      ...useOf({ name, later, used }, counts, i18n),
      ...direction(now, later, i18n),
    }));
  const { left, later } = tokens;
  const monthly = {
    key: "tokens",
    name: i18n.t("dialogTokens"),
    present: amount(left),
    value: amount(later),
    note: "",
    over: false,
    ...direction(left, later, i18n),
  };
  return left === later ? changed : [...changed, monthly];
}

/**
 * Returns what is in use, and whether it is over the limit: what the service counts on when the
 * change takes effect, else what there is now.
 *
 * @param {{ name: string, later: number | null, used: number | null }} limit
 * @param {Counts} counts
 * @param {I18n} i18n
 * @returns {{ note: string, over: boolean }}
 */
function useOf({ name, later, used }, counts, i18n) {
  const own = used || (counts[name] ?? 0);
  if (own === 0) {
    return { note: "", over: false };
  }
  const over = later === null ? 0 : own - later;
  if (name === "emails" && !used) {
    return { note: i18n.t("dialogUsedThisMonth", { count: own }), over: over > 0 };
  }
  return over > 0
    ? { note: i18n.t("dialogOver", { used: own, count: over }), over: true }
    : { note: i18n.t("dialogUsed", { count: own }), over: false };
}

/** @param {string} key a field of a plan's limits @returns {string} what it limits, like `domains` */
function thingOf(key) {
  return key.startsWith("max") ? key.slice(3).toLowerCase() : "emails";
}

/** @param {string} name like `domains` @returns {MessageKey} */
function limitName(name) {
  const countable = `max${name.slice(0, 1).toUpperCase()}${name.slice(1)}Name`;
  return /** @type {MessageKey} */ (name === "emails" ? "monthlyEmailLimitName" : countable);
}

/**
 * @param {number | null} now
 * @param {number | null} later
 * @param {I18n} i18n
 */
function direction(now, later, i18n) {
  const [before, after] = [now ?? Infinity, later ?? Infinity];
  const change = before === after ? "same" : before < after ? "up" : "down";
  const text = { same: "", up: i18n.t("moreThanNow"), down: i18n.t("lessThanNow") }[change];
  return { change, changeText: text };
}
