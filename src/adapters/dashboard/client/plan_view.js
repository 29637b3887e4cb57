/**
 * @import { I18n } from "./i18n.js"
 * @import { LimitView } from "./limit_view.js"
 * @import { Interval, Plan, Price, Subscription } from "./types.js"
 */

import { limitViews } from "./limit_view.js";
import { taxText } from "./plan_words.js";
import { isFree, mayBuy } from "./standing/plan_status.js";

/**
 * @typedef {object} PlanCard
 * @property {string} slug
 * @property {string} name
 * @property {Interval | null} interval `null`: the plan is free
 * @property {string} price
 * @property {string} per
 * @property {string} tax
 * @property {string} saving
 * @property {boolean} current
 * @property {string} from when it comes by itself, in words; empty if it does not
 * @property {boolean} suggested
 * @property {LimitView[]} limits
 * @property {null | { type: "choose" | "cancel" | "unpause", label: string }} action
 */

/**
 * Returns the plans side by side, compared with the current one.
 *
 * @param {{ plans: readonly Plan[], subscription: Subscription, interval: Interval }} offer
 * @param {I18n} i18n
 * @returns {PlanCard[]}
 */
export function planCards({ plans, subscription, interval }, i18n) {
  const suggested = subscription.upgrade?.planSlug ?? subscription.nextPlanSlug;
  return plans.map((plan) => {
    const current = plan.slug === subscription.planSlug;
    const price = priceOf(plan, interval);
    const at = arrivalOf(plan, price, subscription);
    return {
      slug: plan.slug,
      name: plan.name,
      interval: price?.interval ?? null,
      ...(price === undefined ? freePrice(plans, i18n) : priceTexts(plan, price, i18n)),
      current,
      from: at === null ? "" : i18n.t("comesOn", { date: i18n.date(at) }),
      suggested: plan.slug === suggested,
      limits: limitViews(plan, { plans, subscription }, i18n),
      action:
        mayBuy(subscription) && at === null
          ? actionOf(plan, price, { plans, subscription }, i18n)
          : null,
    };
  });
}

/**
 * Returns the choice to end the subscription; `null` if no free plan is on offer.
 *
 * @param {{ plans: readonly Plan[], subscription: Subscription }} offer
 * @param {I18n} i18n
 * @returns {PlanCard | null}
 */
export function endCard({ plans, subscription }, i18n) {
  const interval = subscription.interval ?? "month";
  const free = planCards({ plans, subscription, interval }, i18n).find(
    (card) => card.interval === null,
  );
  return free ? { ...free, action: { type: "cancel", label: i18n.t("cancelPlan") } } : null;
}

/**
 * Returns the plan that the tenant has, or another one if it is not on offer; `null` if none is.
 *
 * @param {{ plans: readonly Plan[], subscription: Subscription }} offer
 * @param {I18n} i18n
 * @returns {PlanCard | null}
 */
export function presentCard({ plans, subscription }, i18n) {
  const interval = subscription.interval ?? "month";
  const cards = planCards({ plans, subscription, interval }, i18n);
  return cards.find(({ current }) => current) ?? cards[0] ?? null;
}

/**
 * Returns the choice to end the pause of a plan.
 *
 * @param {PlanCard} card
 * @param {I18n} i18n
 * @returns {PlanCard}
 */
export function resumeCard(card, i18n) {
  return { ...card, action: { type: "unpause", label: i18n.t("endPause") } };
}

/**
 * Returns the price for that interval, or else the only one.
 *
 * @param {Plan} plan
 * @param {Interval} interval
 * @returns {Price | undefined}
 */
export function priceOf(plan, interval) {
  return plan.prices.find((price) => price.interval === interval) ?? plan.prices[0];
}

/**
 * Returns the most that paying by the year saves, as a fraction; 0 for nothing.
 *
 * @param {readonly Plan[]} plans
 */
export function largestSaving(plans) {
  return Math.max(0, ...plans.map(savingOf));
}

/** @param {Plan} plan */
function savingOf({ prices }) {
  const year = prices.find(({ interval }) => interval === "year");
  const month = prices.find(({ interval }) => interval === "month");
  return year && month && month.currency === year.currency && month.amount > 0
    ? Math.max(0, 1 - year.amount / (12 * month.amount))
    : 0;
}

/**
 * Formats a price of zero in the currency of the other plans.
 *
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 */
function freePrice(plans, i18n) {
  const currency = plans.flatMap(({ prices }) => prices)[0]?.currency;
  const price = currency === undefined ? i18n.t("free") : i18n.money(0, currency);
  return { price, per: "", tax: "", saving: "" };
}

/**
 * @param {Plan} plan
 * @param {Price} price
 * @param {I18n} i18n
 */
function priceTexts(plan, price, i18n) {
  const yearly = price.interval === "year";
  const saving = savingOf(plan);
  return {
    price: i18n.money(price.amount, price.currency),
    per: i18n.t(yearly ? "perYear" : "perMonth"),
    tax: taxText(price, i18n),
    saving:
      yearly && saving > 0
        ? i18n.t("saving", {
            amount: i18n.money(Math.round(price.amount / 12), price.currency),
            percentage: i18n.percent(saving),
          })
        : "",
  };
}

/**
 * Returns when a plan comes by itself: the one that a change is scheduled to, or the free one after
 * the scheduled end; `null` for all others, and for a tenant that an operator ends.
 *
 * @param {Plan} plan
 * @param {Price | undefined} price
 * @param {Subscription} subscription
 */
function arrivalOf(plan, price, { scheduledChange, cancelAt, tenantEnd }) {
  if (tenantEnd !== null) {
    return null;
  }
  if (price === undefined) {
    return cancelAt;
  }
  return scheduledChange?.planSlug === plan.slug && scheduledChange.interval === price.interval
    ? scheduledChange.effectiveAt
    : null;
}

/**
 * @param {Plan} plan
 * @param {Price | undefined} price
 * @param {{ plans: readonly Plan[], subscription: Subscription }} offer
 * @param {I18n} i18n
 * @returns {PlanCard["action"]}
 */
function actionOf(plan, price, { plans, subscription }, i18n) {
  const name = { plan: plan.name };
  const subscribed = !isFree(subscription);
  if (price === undefined) {
    return subscribed ? { type: "cancel", label: i18n.t("changeTo", name) } : null;
  }
  if (plan.slug === subscription.planSlug) {
    const label = price.interval === "year" ? "switchToYearly" : "switchToMonthly";
    return price.interval === subscription.interval
      ? null
      : { type: "choose", label: i18n.t(label) };
  }
  if (!subscribed) {
    return { type: "choose", label: i18n.t("choosePlan", name) };
  }
  const label = plan.rank > rankOf(subscription.planSlug, plans) ? "upgradeTo" : "changeTo";
  return { type: "choose", label: i18n.t(label, name) };
}

/**
 * @param {string | null} slug
 * @param {readonly Plan[]} plans
 */
function rankOf(slug, plans) {
  return plans.find((plan) => plan.slug === slug)?.rank ?? 0;
}
