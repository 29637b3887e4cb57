/**
 * @import { I18n } from "./i18n.js"
 * @import { Plan, Subscription } from "./types.js"
 */

import { planName } from "./plan_words.js";

/** The position of the warning on the meter, as a fraction of the limit. */
const WARNING = 0.8;

/**
 * The use of e-mails, for a meter that ends where sending stops.
 *
 * @typedef {object} EmailView
 * @property {"unlimited" | "normal" | "warning" | "grace" | "stopped"} level
 * @property {string} used as a headline
 * @property {string} resets empty where nothing starts anew
 * @property {string} note
 * @property {null | { fill: number, warningAt: number, limitAt: number, now: number, max: number,
 *   text: string, marks: { warning: string, stop: string } }} meter positions are parts of the
 *   meter's length; `null` without a limit, or without e-mails
 */

/**
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {EmailView}
 */
export function emailView(subscription, plans, i18n) {
  const { limit, used, percentage, ceiling, resetsAt } = subscription.usage.emails;
  const resets =
    resetsAt === null
      ? i18n.t("emailsResetPaid")
      : i18n.t("emailsReset", { date: i18n.date(resetsAt) });
  if (limit === null || ceiling === null) {
    const plan = planName(subscription.effectivePlanSlug, plans, i18n);
    const note = i18n.t("emailsNoLimit", { plan });
    return {
      level: "unlimited",
      used: i18n.t("emailsUsedUnlimited", { used }),
      resets,
      note,
      meter: null,
    };
  }
  if (limit === 0) {
    const plan = planName(subscription.effectivePlanSlug, plans, i18n);
    return {
      level: "stopped",
      used: i18n.t("emailsUsedUnlimited", { used }),
      resets: "",
      note: i18n.t("emailsNone", { plan }),
      meter: null,
    };
  }
  const level = emailLevel({ ...subscription.usage.emails, limit, ceiling });
  const limitAt = limit / ceiling;
  const text = i18n.t("emailsValue", {
    used,
    limit,
    percentage: i18n.percent((percentage ?? 0) / 100),
  });
  return {
    level,
    used: i18n.t("emailsUsed", { used, limit }),
    resets,
    note: emailNote(level, { limit, used, ceiling }, i18n),
    meter: {
      fill: Math.min(1, used / ceiling),
      warningAt: WARNING * limitAt,
      limitAt,
      now: Math.min(used, ceiling),
      max: ceiling,
      text,
      marks: {
        warning: i18n.t("markWarning", { percentage: i18n.percent(WARNING) }),
        stop: i18n.t("markStop", { percentage: i18n.percent(1 / limitAt) }),
      },
    },
  };
}

/**
 * @param {{ limit: number, used: number, ceiling: number, warning: boolean }} emails
 * @returns {EmailView["level"]}
 */
function emailLevel({ limit, used, ceiling, warning }) {
  if (used >= ceiling) {
    return "stopped";
  }
  return used >= limit ? "grace" : warning ? "warning" : "normal";
}

/**
 * @param {EmailView["level"]} level
 * @param {{ limit: number, used: number, ceiling: number }} emails
 * @param {I18n} i18n
 */
function emailNote(level, { limit, used, ceiling }, i18n) {
  const left = i18n.t("emailsNormal", { count: Math.max(0, limit - used) });
  switch (level) {
    case "unlimited":
    case "normal":
      return left;
    case "warning":
      return i18n.t("emailsWarning", { left });
    case "grace":
      return i18n.t("emailsGrace", { count: ceiling - used });
    case "stopped":
      return i18n.t("emailsStopped");
    default:
      return /** @type {never} */ (level);
  }
}

/**
 * The remaining tokens and where they come from.
 *
 * @typedef {object} TokenView
 * @property {string} available
 * @property {{ name: string, value: string, note: string }[]} parts
 */

/**
 * @param {Pick<Subscription, "tokens" | "limits" | "usage">} subscription
 * @param {I18n} i18n
 * @returns {TokenView}
 */
export function tokenView({ tokens, limits, usage }, i18n) {
  const { monthly, packs, debt, reserved, monthlyExpiresAt } = tokens;
  const included = Math.max(limits.tokensIncludedMonth, monthly);
  const parts = [
    {
      name: i18n.t("tokensMonthly"),
      value: i18n.number(monthly),
      note:
        usage.emails.resetsAt === null
          ? i18n.t("tokensMonthlyPaid", { included })
          : i18n.t("tokensMonthlyNote", { included, date: i18n.shortDate(monthlyExpiresAt) }),
    },
    { name: i18n.t("tokensPacks"), value: i18n.number(packs), note: i18n.t("tokensPacksNote") },
  ];
  if (reserved > 0) {
    parts.push({ name: i18n.t("tokensReserved"), value: i18n.number(reserved), note: "" });
  }
  if (debt > 0) {
    parts.push({ name: i18n.t("tokensDebt"), value: i18n.number(debt), note: "" });
  }
  return { available: i18n.number(tokens.available), parts };
}

/**
 * A month, and what was used in it.
 *
 * @typedef {{ readonly start: string, readonly end: string, readonly used: number }} Period
 */

const MONTH_MS = (365.25 / 12) * 86_400_000;

/** So many columns of a chart have room for a label. */
const MOST_LABELS = 6;

/**
 * Returns the latest periods for a chart, oldest first; `size` is a fraction of the largest one.
 * Where there are many, only some have a label, and none says its number beside the column.
 *
 * @param {readonly Period[]} periods newest first, the running one at the start
 * @param {I18n} i18n
 * @returns {{ start: string, label: string, name: string, used: string, short: string,
 *   size: number, running: boolean }[]}
 */
export function chartBars(periods, i18n) {
  const most = Math.max(1, ...periods.map(({ used }) => used));
  const months = withUnusedMonths(periods);
  const every = Math.ceil(months.length / MOST_LABELS);
  const bars = months.map(({ start, used }, age) => {
    const date = i18n.shortDate(start);
    return {
      start,
      label: age % every === 0 ? i18n.month(start) : "",
      name: age === 0 ? i18n.t("chartRunning", { date }) : date,
      used: i18n.number(used),
      short: every === 1 ? i18n.compact(used) : "",
      size: used / most,
      running: age === 0,
    };
  });
  return bars.toReversed();
}

/**
 * Adds the months between two periods: nothing is kept of one in which nobody did anything.
 *
 * @param {readonly Period[]} periods newest first
 * @returns {readonly Pick<Period, "start" | "used">[]}
 */
function withUnusedMonths(periods) {
  return periods.flatMap((period, age) => {
    const earlier = periods[age + 1];
    const gapMs = earlier ? Date.parse(period.start) - Date.parse(earlier.end) : 0;
    const unused = Array.from({ length: Math.max(0, Math.round(gapMs / MONTH_MS)) }, (_, index) => {
      const start = new Date(period.start);
      start.setUTCMonth(start.getUTCMonth() - index - 1);
      return { start: start.toISOString(), used: 0 };
    });
    return [period, ...unused];
  });
}

/**
 * Returns why a higher plan would help; `null` if it would not.
 *
 * @param {Subscription} subscription
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {{ text: string, planSlug: string, action: string } | null}
 */
export function upgradeView({ upgrade, usage }, plans, i18n) {
  const plan = plans.find(({ slug }) => slug === upgrade?.planSlug);
  if (!upgrade || plan === undefined) {
    return null;
  }
  const action = i18n.t("upgradeSee", { plan: plan.name });
  if (!upgrade.reasons.includes("emails_over_80_percent")) {
    const text = i18n.t("upgradeTokens", { plan: plan.name, limit: plan.tokensIncludedMonth });
    return { text, planSlug: plan.slug, action };
  }
  const percentage = i18n.percent((usage.emails.percentage ?? 0) / 100);
  const limit = plan.monthlyEmailLimit;
  const text =
    limit === null
      ? i18n.t("upgradeEmailsUnlimited", { percentage, plan: plan.name })
      : i18n.t("upgradeEmails", { percentage, plan: plan.name, limit });
  return { text, planSlug: plan.slug, action };
}
