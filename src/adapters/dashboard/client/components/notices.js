/**
 * @import { I18n } from "../i18n.js"
 * @import { Notice } from "../store.js"
 * @import { Plan } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { planName } from "../plan_status.js";
import { upgradeView } from "../usage_view.js";
import { CLOSE, LOCK, SPARK } from "./icons.js";
import { Button } from "./ui.js";

/**
 * Tells what has just happened and gives advice. The region always exists, so screen readers
 * announce its changes.
 *
 * @param {{ page: Page }} props
 */
export function Notices({ page }) {
  const { i18n, state } = page;
  const subscription = state.parts.subscription.value;
  return html`
    <div class="notices">
      <div role="status">
        ${state.notice !== null && html`<${NoticeBar} page=${page} notice=${state.notice} />`}
      </div>
      ${
        subscription?.mayPay === false &&
        html`<p class="notice info">${LOCK}<span>${i18n.t("readOnly")}</span></p>`
      }
      ${subscription?.mayPay && html`<${Advice} page=${page} />`}
    </div>
  `;
}

/** @param {{ page: Page, notice: Notice }} props */
function NoticeBar({ page, notice }) {
  const { i18n, state, controller } = page;
  const { tone, text } = noticeText(notice, state.parts.plans.value ?? [], i18n);
  const waits = notice.type === "waiting";
  return html`
    <div class=${`notice ${tone}`}>
      ${waits && html`<span class="spinner" aria-hidden="true"></span>`}
      <span>${text}</span>
      ${
        notice.type === "slow" &&
        html`<${Button} page=${page} onClick=${() => controller.checkAgain()}>${i18n.t("checkAgain")}<//>`
      }
      ${
        !waits &&
        html`<button
          type="button"
          class="icon-button"
          aria-label=${i18n.t("close")}
          onClick=${() => controller.dismiss()}
        >${CLOSE}</button>`
      }
    </div>
  `;
}

/** @param {{ page: Page }} props */
function Advice({ page }) {
  const { i18n, state } = page;
  const subscription = state.parts.subscription.value;
  const advice = subscription && upgradeView(subscription, state.parts.plans.value ?? [], i18n);
  if (!advice) {
    return null;
  }
  const show = (/** @type {MouseEvent} */ { currentTarget }) => {
    const root = /** @type {ShadowRoot} */ (/** @type {Element} */ (currentTarget).getRootNode());
    const card = root.getElementById(`plan-${advice.planSlug}`);
    card?.scrollIntoView({ block: "center" });
    card?.querySelector("button")?.focus({ preventScroll: true });
  };
  return html`
    <div class="notice accent">
      ${SPARK}
      <span>${advice.text}</span>
      <${Button} page=${page} onClick=${show}>${advice.action}<//>
    </div>
  `;
}

/**
 * @param {Notice} notice
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 * @returns {{ tone: "good" | "info" | "warning" | "bad", text: string }}
 */
function noticeText(notice, plans, i18n) {
  switch (notice.type) {
    case "waiting":
      return { tone: "info", text: waitingText(notice.errand, plans, i18n) };
    case "arrived":
      return { tone: "good", text: arrivedText(notice, plans, i18n) };
    case "slow":
      return { tone: "warning", text: i18n.t("returnSlow") };
    case "resumed":
      return { tone: "good", text: i18n.t("returnResumed") };
    case "canceled":
      return { tone: "info", text: i18n.t("returnCancel") };
    case "failed":
      return { tone: "bad", text: failedText(notice.code, i18n) };
    default:
      return /** @type {never} */ (notice);
  }
}

/**
 * @param {import("../checkout_return.js").Errand} errand
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 */
function waitingText(errand, plans, i18n) {
  if (errand.type === "pack") {
    return i18n.t("returnPack");
  }
  return errand.effectiveAt === null
    ? i18n.t("returnActivating", { plan: planName(errand.planSlug, plans, i18n) })
    : i18n.t("returnChanging");
}

/**
 * @param {Extract<Notice, { type: "arrived" }>} notice
 * @param {readonly Plan[]} plans
 * @param {I18n} i18n
 */
function arrivedText({ errand, tokens }, plans, i18n) {
  if (errand.type === "pack") {
    return i18n.t("returnPackArrived", { count: tokens });
  }
  const plan = planName(errand.planSlug, plans, i18n);
  return errand.effectiveAt === null
    ? i18n.t("returnActive", { plan })
    : i18n.t("returnScheduled", { plan, date: i18n.date(errand.effectiveAt) });
}

/**
 * @param {string | null} code
 * @param {I18n} i18n
 */
function failedText(code, i18n) {
  switch (code) {
    case "checkout_superseded":
      return i18n.t("actionSuperseded");
    case "no_customer":
    case "no_subscription":
      return i18n.t("actionNoCustomer");
    default:
      return i18n.t("actionFailed");
  }
}
