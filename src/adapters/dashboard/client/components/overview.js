/**
 * @import { PlanStatus } from "../plan_status.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { isFree, planName, planStatus } from "../plan_status.js";
import { Button, Heading } from "./ui.js";

/** The current plan, its status, and the possible actions. @param {{ page: Page }} props */
export function Overview({ page }) {
  const { i18n, state } = page;
  const subscription = state.parts.subscription.value;
  if (subscription === null) {
    return null;
  }
  const plans = state.parts.plans.value ?? [];
  const status = planStatus(subscription, plans, i18n);
  return html`
    <section class=${`card overview ${status.tone}`} aria-labelledby="plan-title">
      <div class="overview-words">
        <${Heading} page=${page} below=${1} id="plan-title" class="eyebrow">
          ${i18n.t("currentPlan")}
        <//>
        <p class="plan-name">
          ${planName(subscription.planSlug, plans, i18n)}
          <span class=${`badge ${status.tone}`}>${status.label}</span>
        </p>
        <${Price} page=${page} />
        <p class="sentence">${status.sentence}</p>
      </div>
      ${subscription.mayPay && html`<${Actions} page=${page} status=${status} />`}
    </section>
  `;
}

/** The price of the plan, if the catalogue has one. @param {{ page: Page }} props */
function Price({ page }) {
  const { i18n, state } = page;
  const subscription = state.parts.subscription.value;
  const plan = state.parts.plans.value?.find(({ slug }) => slug === subscription?.planSlug);
  const price = plan?.prices.find(({ interval }) => interval === subscription?.interval);
  return price === undefined
    ? null
    : html`
        <p class="price">
          ${i18n.money(price.amount, price.currency)}${" "}
          ${i18n.t(price.interval === "year" ? "perYear" : "perMonth")}
        </p>
      `;
}

/** @param {{ page: Page, status: PlanStatus }} props */
function Actions({ page, status }) {
  const { i18n, controller, state } = page;
  const subscription = state.parts.subscription.value;
  if (subscription === null || isFree(subscription)) {
    return null;
  }
  const portal = () => controller.openPortal();
  const pay = () => controller.openPortal("payment_method_update");
  const cancel = () => controller.openPortal("subscription_cancel");
  const unpause = () => controller.resume();
  const main = {
    pay: html`<${Button} page=${page} kind="primary" action="portal:payment_method_update" onClick=${pay}>
      ${i18n.t("updatePayment")}
    <//>`,
    finish: html`<${Button} page=${page} kind="primary" action="portal:home" onClick=${portal}>
      ${i18n.t("finishPayment")}
    <//>`,
    resume: html`<${Button} page=${page} kind="primary" action="portal:home" onClick=${portal}>
      ${i18n.t("resumePlan")}
    <//>`,
    unpause: html`<${Button} page=${page} kind="primary" action="resume" onClick=${unpause}>
      ${i18n.t("endPause")}
    <//>`,
    cancel: null,
    none: null,
  }[status.action];
  const settles = status.action === "pay" || status.action === "finish";
  return html`
    <div class="actions">
      ${main}
      ${
        !settles &&
        html`<${Button} page=${page} action="portal:payment_method_update" onClick=${pay}>
          ${i18n.t("managePayment")}
        <//>`
      }
      ${
        status.action !== "resume" &&
        status.action !== "none" &&
        html`<${Button} page=${page} kind="quiet" action="portal:subscription_cancel" onClick=${cancel}>
          ${i18n.t("cancelPlan")}
        <//>`
      }
    </div>
  `;
}
