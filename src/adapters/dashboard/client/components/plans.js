/**
 * @import { PlanCard } from "../plan_view.js"
 * @import { Interval } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { largestSaving, planCards } from "../plan_view.js";
import { CHECK } from "./icons.js";
import { Button, Heading, Limit, Section, SectionError } from "./ui.js";

/**
 * The plans side by side, with buttons to switch.
 *
 * @param {{ page: Page, choose: (card: PlanCard) => void }} props
 */
export function Plans({ page, choose }) {
  const { i18n, state, controller } = page;
  const { value: plans, error } = state.parts.plans;
  const subscription = state.parts.subscription.value;
  const [picked, pickInterval] = useState(/** @type {Interval | null} */ (null));
  if (subscription === null) {
    return null;
  }
  const interval = picked ?? subscription.interval ?? "month";
  const switcher =
    plans !== null && hasBoth(plans)
      ? html`<${Intervals} page=${page} interval=${interval} pick=${pickInterval} />`
      : null;
  return html`
    <${Section}
      page=${page}
      id="plans-title"
      class="plans"
      title=${i18n.t("plans")}
      text=${subscription.tenantEnd === null ? i18n.t("plansText") : ""}
      aside=${switcher}
    >
      ${
        plans === null &&
        error !== null &&
        html`<${SectionError} page=${page} error=${error} retry=${() => controller.load(["plans"])} />`
      }
      <ul class="plan-grid">
        ${planCards({ plans: plans ?? [], subscription, interval }, i18n).map(
          (card) => html`<${Card} key=${card.slug} page=${page} card=${card} choose=${choose} />`,
        )}
      </ul>
    <//>
  `;
}

/**
 * @param {{ page: Page, interval: Interval, pick: (interval: Interval) => void }} props
 */
function Intervals({ page, interval, pick }) {
  const { i18n, state } = page;
  const saving = largestSaving(state.parts.plans.value ?? []);
  const option = (/** @type {Interval} */ value, /** @type {string} */ text) => html`
    <label>
      <input
        type="radio"
        name="interval"
        value=${value}
        checked=${interval === value}
        onChange=${() => pick(value)}
      />
      <span>${text}</span>
    </label>
  `;
  return html`
    <fieldset class="intervals">
      <legend class="unseen">${i18n.t("interval")}</legend>
      ${option("month", i18n.t("monthly"))} ${option("year", i18n.t("yearly"))}
      ${
        saving > 0 &&
        html`<span class="saving">${i18n.t("saveUpTo", { percentage: i18n.percent(saving) })}</span>`
      }
    </fieldset>
  `;
}

/**
 * @param {{ page: Page, card: PlanCard, choose: (card: PlanCard) => void }} props
 */
function Card({ page, card, choose }) {
  const { i18n } = page;
  return html`
    <li class=${`card plan ${card.current ? "current" : ""}`} part="card plan" id=${`plan-${card.slug}`}>
      <${Heading} page=${page} below=${2}><bdi>${card.name}</bdi><//>
      <div>
        <p class="plan-price">
          ${card.price}${[card.per, card.tax].map((text) => text && html`${" "}<small>${text}</small>`)}
        </p>
        <p class="soft saving-line">${card.saving}</p>
      </div>
      <div class="plan-action">
        ${
          card.current &&
          card.action === null &&
          !card.from &&
          html`<p class="present">${CHECK} ${i18n.t("currentPlan")}</p>`
        }
        ${card.from && html`<p class="present">${card.from}</p>`}
        ${
          card.action !== null &&
          html`<${Button}
            page=${page}
            kind=${card.suggested ? "primary" : ""}
            onClick=${() => choose(card)}
          >${card.action.label}<//>`
        }
      </div>
      <ul class="limits">
        ${card.limits.map((limit) => html`<${Limit} key=${limit.key} limit=${limit} />`)}
      </ul>
    </li>
  `;
}

/** @param {readonly import("../types.js").Plan[]} plans */
function hasBoth(plans) {
  const intervals = plans.flatMap(({ prices }) => prices.map(({ interval }) => interval));
  return new Set(intervals).size > 1;
}
