/**
 * @import { Failure } from "../failure.js"
 * @import { I18n } from "../i18n.js"
 * @import { Notice, State } from "../store.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { failureText, loadFailureText } from "../failure_view.js";
import { planName } from "../plan_words.js";
import { mayBuy } from "../standing/plan_status.js";
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
  const stale = Object.values(state.parts).find(({ value, error }) => value !== null && error);
  return html`
    <div class="told" role="status">
      ${state.notice !== null && html`<${NoticeBar} page=${page} notice=${state.notice} />`}
      ${stale?.error && html`<${Stale} page=${page} error=${stale.error} />`}
    </div>
    ${
      subscription?.mayPay === false &&
      html`<p class="notice info" part="notice">${LOCK}<span>${i18n.t("readOnly")}</span></p>`
    }
    ${subscription !== null && mayBuy(subscription) && html`<${Advice} page=${page} />`}
  `;
}

/** @param {{ page: Page, notice: Notice }} props */
function NoticeBar({ page, notice }) {
  const { i18n, state, controller } = page;
  const { tone, text } = noticeText(notice, state, i18n);
  const waits = notice.type === "waiting";
  return html`
    <div class=${`notice ${tone}`} part="notice">
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

/** Something of what is shown could not be brought up to date. @param {{ page: Page, error: Failure }} props */
function Stale({ page, error }) {
  const { i18n, controller } = page;
  return html`
    <div class="notice warning" part="notice">
      <span>${loadFailureText(error, i18n)}</span>
      <${Button} page=${page} onClick=${() => controller.loadAll()}>${i18n.t("retry")}<//>
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
    <div class="notice accent" part="notice">
      ${SPARK}
      <span>${advice.text}</span>
      <${Button} page=${page} onClick=${show}>${advice.action}<//>
    </div>
  `;
}

/**
 * @param {Notice} notice
 * @param {State} state
 * @param {I18n} i18n
 * @returns {{ tone: "good" | "info" | "warning" | "bad", text: string }}
 */
function noticeText(notice, { parts }, i18n) {
  switch (notice.type) {
    case "waiting":
      return { tone: "info", text: i18n.t("returnWaiting") };
    case "plan_arrived": {
      const plan = planName(
        parts.subscription.value?.planSlug ?? null,
        parts.plans.value ?? [],
        i18n,
      );
      return { tone: "good", text: i18n.t("returnActive", { plan }) };
    }
    case "plan_scheduled":
      return { tone: "good", text: i18n.t("returnScheduled") };
    case "tokens_arrived":
      return { tone: "good", text: i18n.t("returnPackArrived", { count: notice.tokens }) };
    case "slow":
      return {
        tone: "warning",
        text: notice.failure === null ? i18n.t("returnSlow") : failureText(notice.failure, i18n),
      };
    case "resumed":
      return { tone: "good", text: i18n.t("returnResumed") };
    case "canceled":
      return { tone: "info", text: i18n.t("returnCancel") };
    case "saved":
      return { tone: "good", text: i18n.t("saved") };
    case "failed":
      return { tone: "bad", text: failureText(notice.failure, i18n) };
    default:
      return /** @type {never} */ (notice);
  }
}
