/**
 * @import { Payable } from "../overview_view.js"
 * @import { PlanStatus } from "../standing/plan_status.js"
 * @import { PlanCard } from "../plan_view.js"
 * @import { Subscription } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import {
  dueLaterView,
  inForce,
  nextInvoiceText,
  owedView,
  processingText,
  scheduledView,
} from "../overview_view.js";
import { endCard, presentCard, resumeCard } from "../plan_view.js";
import { planName } from "../plan_words.js";
import { hasEnded, isFree, mayBuy, planStatus } from "../standing/plan_status.js";
import { Payer, PayerError } from "./payer.js";
import { Button, Heading, NewTab } from "./ui.js";

/**
 * The current plan, its status, what is owed, what comes next, and from which card.
 *
 * @param {{ page: Page, choose: (card: PlanCard) => void }} props
 */
export function Overview({ page, choose }) {
  const { i18n, state } = page;
  const subscription = state.parts.subscription.value;
  if (subscription === null) {
    return null;
  }
  const plans = state.parts.plans.value ?? [];
  const status = planStatus(subscription, plans, i18n);
  return html`
    <section class=${`card overview ${status.tone}`} part="card overview" aria-labelledby="plan-title">
      <div class="overview-head">
        <div class="overview-words">
          <${Heading} page=${page} below=${1} id="plan-title" class="eyebrow">
            ${i18n.t("currentPlan")}
          <//>
          <p class="plan-name">
            <bdi>${planName(shownPlan(subscription), plans, i18n)}</bdi>
            <span class=${`badge ${status.tone}`} part="badge">${status.label}</span>
          </p>
          <${Price} page=${page} />
          <p class="sentence">${status.sentence}</p>
        </div>
        ${subscription.mayPay && html`<${Actions} page=${page} status=${status} choose=${choose} />`}
      </div>
      <${ToPay} page=${page} view=${owedView(subscription, i18n)} mayPay=${subscription.mayPay} />
      <${ToPay} page=${page} view=${dueLaterView(subscription, i18n)} mayPay=${subscription.mayPay} />
      <${Processing} page=${page} subscription=${subscription} />
      <${Scheduled} page=${page} subscription=${subscription} />
      <${Facts} page=${page} subscription=${subscription} />
    </section>
  `;
}

/** The plan that the tenant has, or had when it was ended. @param {Subscription} subscription */
function shownPlan(subscription) {
  const { planSlug, ended } = subscription;
  return hasEnded(subscription) && ended !== null ? ended.planSlug : planSlug;
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

/**
 * What is to be paid, with the way to do so.
 *
 * @param {{ page: Page, view: Payable | null, mayPay: boolean }} props
 */
function ToPay({ page, view, mayPay }) {
  const { controller } = page;
  const isOwed = view?.tone === "bad";
  return (
    view &&
    html`<div class=${`strip ${view.tone}`} part="notice">
      <p>
        <strong>${view.text}</strong>
        ${view.note !== "" && html`${" "}<span class="soft">${view.note}</span>`}
      </p>
      ${
        view.url !== null &&
        mayPay &&
        html`<a
          class=${isOwed ? "button primary" : "button"}
          part=${isOwed ? "button primary-button" : "button"}
          href=${view.url}
          target="_blank"
          rel="noopener noreferrer"
          onClick=${() => controller.paysElsewhere()}
        >${view.pay}<${NewTab} page=${page} /></a>`
      }
    </div>`
  );
}

/** What is on its way. @param {{ page: Page, subscription: Subscription }} props */
function Processing({ page, subscription }) {
  const text = processingText(subscription, page.i18n);
  return text && html`<div class="strip info" part="notice"><p>${text}</p></div>`;
}

/** What changes by itself. @param {{ page: Page, subscription: Subscription }} props */
function Scheduled({ page, subscription }) {
  const { i18n, state, controller } = page;
  const view = scheduledView(subscription, state.parts.plans.value ?? [], i18n);
  return (
    view &&
    html`<div class="strip info" part="notice">
      <p>${view.text}</p>
      ${
        mayBuy(subscription) &&
        html`<${Button} page=${page} action="keep" onClick=${() => controller.openPortal("home", "keep")}>
          ${view.keep}
        <//>`
      }
    </div>`
  );
}

/**
 * Whose limits hold, what is charged next and to what, and whom the invoice will name.
 *
 * @param {{ page: Page, subscription: Subscription }} props
 */
function Facts({ page, subscription }) {
  const { i18n, state } = page;
  const next = nextInvoiceText(subscription, i18n);
  const limits = inForce(subscription, state.parts.plans.value ?? [], i18n);
  return html`
    <dl class="facts">
      ${!hasEnded(subscription) && html`<div><dt>${i18n.t("inForce")}</dt><dd>${limits}</dd></div>`}
      ${next && html`<div><dt>${i18n.t("nextInvoice")}</dt><dd>${next}</dd></div>`}
      <${Payer} page=${page} />
    </dl>
    <${PayerError} page=${page} />
  `;
}

/**
 * @param {{ page: Page, status: PlanStatus, choose: (card: PlanCard) => void }} props
 */
function Actions({ page, status, choose }) {
  const { i18n, controller, state } = page;
  const subscription = state.parts.subscription.value;
  const card = () => controller.openPortal("payment_method_update");
  const changeCard = html`<${Button} page=${page} action="portal:payment_method_update" onClick=${card}>
    ${i18n.t("updatePayment")}
  <//>`;
  if (subscription === null || hasEnded(subscription)) {
    return null;
  }
  if (isFree(subscription)) {
    return (
      state.parts.details.value?.paymentMethod && html`<div class="actions">${changeCard}</div>`
    );
  }
  const { action } = status;
  const payable = subscription.owed !== null && subscription.owed.invoiceUrl !== null;
  const offer = { plans: state.parts.plans.value ?? [], subscription };
  const end = endCard(offer, i18n);
  const present = presentCard(offer, i18n);
  const portal = () => controller.openPortal();
  const main = {
    pay: null,
    finish: payable
      ? null
      : html`<${Button} page=${page} kind="primary" action="portal:home" onClick=${portal}>
          ${i18n.t("finishPayment")}
        <//>`,
    resume: html`<${Button} page=${page} kind="primary" action="portal:home" onClick=${portal}>
      ${i18n.t("resumePlan")}
    <//>`,
    unpause:
      present &&
      html`<${Button} page=${page} kind="primary" onClick=${() => choose(resumeCard(present, i18n))}>
      ${i18n.t("endPause")}
    <//>`,
    cancel: null,
    none: null,
  }[action];
  return html`
    <div class="actions">
      ${main}
      ${action !== "finish" && changeCard}
      ${
        action === "pay" &&
        subscription.cancelAt !== null &&
        subscription.tenantEnd === null &&
        html`<${Button} page=${page} kind="quiet" action="portal:home" onClick=${portal}>
          ${i18n.t("resumePlan")}
        <//>`
      }
      ${
        action !== "none" &&
        subscription.cancelAt === null &&
        end !== null &&
        html`<${Button} page=${page} kind="quiet" onClick=${() => choose(end)}>
          ${i18n.t("cancelPlan")}
        <//>`
      }
    </div>
  `;
}
