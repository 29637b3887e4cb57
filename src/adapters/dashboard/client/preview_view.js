/**
 * @import { I18n } from "./i18n.js"
 * @import { MessageKey } from "./messages.js"
 * @import { Preview } from "./types.js"
 */

/**
 * Returns what a choice costs, and when, in words.
 *
 * @param {Preview} preview
 * @param {string} presentName what the tenant has until then
 * @param {I18n} i18n
 */
export function previewView(preview, presentName, i18n) {
  const { dueNow, nextPayment, currency, effective, trialDays, mode } = preview;
  return {
    lines: invoiceLines(preview, i18n),
    changes: changeViews(preview, i18n),
    dueNow: i18n.money(dueNow, currency),
    trial: trialDays === null ? "" : i18n.t("dialogTrial", { count: trialDays }),
    next: i18n.t("dialogThenValue", {
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
 * @param {I18n} i18n
 * @returns {{ name: string, amount: string }[]}
 */
function invoiceLines({ lines, tax, balanceApplied, currency }, i18n) {
  const line = (/** @type {string} */ name, /** @type {number} */ amount) => ({
    name,
    amount: i18n.money(amount, currency),
  });
  const all = [
    ...lines.map(({ description, amount }) => line(description, amount)),
    ...(tax === 0 ? [] : [line(i18n.t("dialogTaxes"), tax)]),
    ...(balanceApplied === 0 ? [] : [line(i18n.t("dialogBalance"), 0 - balanceApplied)]),
  ];
  return all.length > 1 ? all : [];
}

/**
 * Returns how a choice changes limits and tokens, according to the service.
 *
 * @param {Preview} preview
 * @param {I18n} i18n
 */
function changeViews({ limits, tokens }, i18n) {
  const amount = (/** @type {number | null} */ value) =>
    value === null ? i18n.t("unlimited") : i18n.number(value);
  const changed = limits
    .filter(({ now, then, used }) => now !== then || (used ?? 0) > 0)
    .map(({ name, now, then, used }) => ({
      key: name,
      name: i18n.t(limitName(name)),
      present: amount(now),
      value: amount(then),
      note: used ? i18n.t("dialogUsed", { count: used }) : "",
      ...direction(now, then, i18n),
    }));
  const { left, then } = tokens;
  const monthly = {
    key: "tokens",
    name: i18n.t("dialogTokens"),
    present: amount(left),
    value: amount(then),
    note: "",
    ...direction(left, then, i18n),
  };
  return left === then ? changed : [...changed, monthly];
}

/** @param {string} name like `domains` @returns {MessageKey} */
function limitName(name) {
  const countable = `max${name.slice(0, 1).toUpperCase()}${name.slice(1)}Name`;
  return /** @type {MessageKey} */ (name === "emails" ? "monthlyEmailLimitName" : countable);
}

/**
 * @param {number | null} now
 * @param {number | null} then
 * @param {I18n} i18n
 */
function direction(now, then, i18n) {
  const [before, after] = [now ?? Infinity, then ?? Infinity];
  const change = before === after ? "same" : before < after ? "up" : "down";
  const text = { same: "", up: i18n.t("moreThanNow"), down: i18n.t("lessThanNow") }[change];
  return { change, changeText: text };
}

/**
 * Returns why the service refused a choice, in words, and what to do about it.
 *
 * @param {{ code: string | null, effectiveAt: string | null, retryAt: string | null }} refusal
 * @param {I18n} i18n
 * @returns {{ text: string, action: null | "pay" | "portal" | "resume", label: string }}
 */
export function refusalView({ code, effectiveAt, retryAt }, i18n) {
  const date = effectiveAt === null ? "" : i18n.date(effectiveAt);
  switch (code) {
    case "payment_required_first":
      return { text: i18n.t("refusedOwed"), action: "pay", label: i18n.t("updatePayment") };
    case "subscription_ending":
      return {
        text: i18n.t("refusedEnding", { date }),
        action: "portal",
        label: i18n.t("resumePlan"),
      };
    case "change_scheduled":
      return {
        text: i18n.t("refusedScheduled", { date }),
        action: "portal",
        label: i18n.t("refusedScheduledAction"),
      };
    case "subscription_paused":
      return { text: i18n.t("refusedPaused"), action: "resume", label: i18n.t("endPause") };
    case "payment_processing":
      return { text: i18n.t("refusedProcessing"), action: null, label: "" };
    case "renewal_in_draft": {
      const time = retryAt === null ? "" : i18n.time(retryAt);
      return { text: i18n.t("refusedDraft", { time }), action: null, label: "" };
    }
    case "several_items":
    case "schedule_attached":
    case "invoiced_by_email":
    case "collection_paused":
    case "no_plan_item":
      return { text: i18n.t("refusedBySupport"), action: null, label: "" };
    case "other_currency":
      return { text: i18n.t("refusedCurrency"), action: null, label: "" };
    case "already_on_plan":
      return { text: i18n.t("refusedAlready"), action: null, label: "" };
    default:
      return { text: i18n.t("refusedOther"), action: null, label: "" };
  }
}
