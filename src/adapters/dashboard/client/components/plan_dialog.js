/**
 * @import { Failure } from "../failure.js"
 * @import { PlanCard } from "../plan_view.js"
 * @import { Preview } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { cardText } from "../payer_view.js";
import { resumeCard } from "../plan_view.js";
import { planName } from "../plan_words.js";
import { endView, previewView } from "../preview_view.js";
import { Foot, Problem, Refusal } from "./dialog_parts.js";
import { CLOSE } from "./icons.js";
import { Heading, Skeleton } from "./ui.js";

/**
 * Shows what a choice costs and changes before the user goes to Stripe.
 *
 * @param {{ page: Page, card: PlanCard, close: () => void }} props
 */
export function PlanDialog({ page, card: chosen, close }) {
  const { i18n } = page;
  const [card, setCard] = useState(chosen);
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => dialog.current?.showModal(), []);
  const leave = () => dialog.current?.close();
  const Question = { cancel: End, unpause: Resume, choose: Change }[card.action?.type ?? "choose"];
  const unpause = () => {
    page.controller.forgetFailure();
    setCard(resumeCard(card, i18n));
  };
  return html`
    <dialog ref=${dialog} part="dialog" aria-labelledby="dialog-title" onClose=${close}>
      <div class="dialog-head">
        <${Heading} page=${page} below=${1} id="dialog-title">${card.action?.label ?? card.name}<//>
        <button type="button" class="icon-button" aria-label=${i18n.t("close")} onClick=${leave}>
          ${CLOSE}
        </button>
      </div>
      <${Question} page=${page} card=${card} leave=${leave} unpause=${unpause} />
    </dialog>
  `;
}

/**
 * The question before another price: what Stripe would charge.
 *
 * @param {{ page: Page, card: PlanCard, leave: () => void, unpause: () => void }} props
 */
function Change({ page, card, leave, unpause }) {
  const { i18n, controller } = page;
  const [preview, setPreview] = useState(/** @type {Preview | null} */ (null));
  const [error, setError] = useState(/** @type {Failure | null} */ (null));
  const [attempt, setAttempt] = useState(1);
  useEffect(() => {
    let shown = true;
    setError(null);
    controller.preview(card.slug, card.interval ?? "month").then(
      (answer) => shown && setPreview(answer),
      (reason) => shown && setError(controller.failed(reason)),
    );
    return () => {
      shown = false;
    };
  }, [attempt]);
  const view = preview && previewView(preview, tenantOf(page), i18n, taxOf(preview, page));
  const go = () => preview && controller.choosePlan(preview);
  return html`
    <div aria-live="polite" aria-busy=${view === null && error === null}>
      ${view && html`<${Costs} page=${page} view=${view} />`}
      ${error && html`<${Refusal} page=${page} error=${error} retry=${() => setAttempt(attempt + 1)} unpause=${unpause} />`}
      ${
        view === null &&
        error === null &&
        html`<p class="soft">${i18n.t("dialogAsking")}</p><${Skeleton} lines=${3} />`
      }
    </div>
    <${Problem} page=${page} unpause=${unpause} />
    ${view && html`<${Changes} page=${page} card=${card} changes=${view.changes} />`}
    <${Foot} page=${page} leave=${leave} action=${`plan:${card.slug}`} go=${go} label=${view?.go} />
  `;
}

/**
 * The question before the end of the subscription.
 *
 * @param {{ page: Page, card: PlanCard, leave: () => void }} props
 */
function End({ page, card, leave }) {
  const { i18n, state, controller } = page;
  const plans = state.parts.plans.value ?? [];
  const subscription = state.parts.subscription.value;
  const plan = plans.find(({ slug }) => slug === card.slug);
  if (subscription === null || plan === undefined) {
    return null;
  }
  const view = endView({ plan, subscription }, tenantOf(page), i18n);
  const end = () => controller.openPortal("subscription_cancel");
  return html`
    <div>
      <dl class="costs">
        <div><dt>${i18n.t("dialogFrom")}</dt><dd>${view.effective}</dd></div>
        <div><dt>${i18n.t("dialogThen")}</dt><dd>${card.price}</dd></div>
      </dl>
      <p class="soft">${i18n.t("dialogEnd")}</p>
      <${Problem} page=${page} />
    </div>
    <${Changes} page=${page} card=${card} changes=${view.changes} />
    <${Foot}
      page=${page}
      leave=${leave}
      action="portal:subscription_cancel"
      go=${end}
      label=${i18n.t("dialogConfirm")}
    />
  `;
}

/**
 * The question before the end of a pause, which charges the stored card where no paid time is left.
 *
 * @param {{ page: Page, leave: () => void }} props
 */
function Resume({ page, leave }) {
  const { i18n, state, controller } = page;
  const { subscription, plans, details } = state.parts;
  const { planSlug, interval } = subscription.value ?? {};
  const plan = plans.value?.find(({ slug }) => slug === planSlug);
  const price = plan?.prices.find((one) => one.interval === interval);
  const method = details.value && cardText(details.value, i18n);
  const go = async () => {
    if (await controller.resume()) {
      leave();
    }
  };
  return html`
    <dl class="costs">
      <div class="due">
        <dt>${i18n.t("dialogDueNow")}</dt>
        <dd>
          ${price && i18n.money(price.amount, price.currency)}
          <small>${i18n.t("dialogResumeDue")}</small>
        </dd>
      </div>
      ${method && html`<div><dt>${i18n.t("paymentMethod")}</dt><dd>${method}</dd></div>`}
      <div><dt>${i18n.t("dialogFrom")}</dt><dd>${i18n.t("dialogAtOnce")}</dd></div>
    </dl>
    <${Problem} page=${page} />
    <${Foot} page=${page} leave=${leave} action="resume" go=${go} label=${i18n.t("endPause")} />
  `;
}

/** @param {Preview} preview @param {Page} page */
function taxOf({ planSlug, interval }, { state }) {
  const plan = state.parts.plans.value?.find(({ slug }) => slug === planSlug);
  return plan?.prices.find((price) => price.interval === interval)?.tax ?? null;
}

/** @param {Page} page */
function tenantOf({ state, counts, i18n }) {
  const subscription = state.parts.subscription.value;
  const emails = subscription?.usage.emails.used ?? 0;
  const plans = state.parts.plans.value ?? [];
  const presentName = planName(subscription?.planSlug ?? null, plans, i18n);
  return { presentName, plans, counts: { emails, ...counts } };
}

/** @param {{ page: Page, view: ReturnType<typeof previewView> }} props */
function Costs({ page, view }) {
  const { i18n } = page;
  return html`
    <dl class="costs">
      ${view.lines.map(
        ({ name, amount }) => html`<div class="line"><dt>${name}</dt><dd>${amount}</dd></div>`,
      )}
      <div class="due">
        <dt>${i18n.t("dialogDueNow")}</dt>
        <dd>
          ${view.dueNow}${[view.trial, view.tax].map((text) => text && html`<small>${text}</small>`)}
        </dd>
      </div>
      <div>
        <dt>${i18n.t("dialogThen")}</dt>
        <dd>${view.next}</dd>
      </div>
      <div>
        <dt>${i18n.t("dialogFrom")}</dt>
        <dd>${view.effective}</dd>
      </div>
    </dl>
    <p class="soft">${i18n.t("dialogTax")}</p>
  `;
}

/**
 * @param {{ page: Page, card: PlanCard, changes: ReturnType<typeof previewView>["changes"] }} props
 */
function Changes({ page, card, changes }) {
  const { i18n } = page;
  if (changes.length === 0) {
    return null;
  }
  return html`
    <table class="changes" part="table">
      <caption>${i18n.t("dialogChanges")}</caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">${i18n.t("dialogNow")}</th>
          <th scope="col">${i18n.t("dialogNext", { plan: card.name })}</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(
          ({ key, name, present, value, note, over, change, changeText }) => html`
            <tr key=${key}>
              <th scope="row">${name}</th>
              <td>${present}</td>
              <td class=${change}>
                ${value}${changeText && html`<span class="unseen">, ${changeText}</span>`}
                ${note && html`<small class=${over ? "over" : ""}>${note}</small>`}
              </td>
            </tr>
          `,
        )}
      </tbody>
    </table>
    ${changes.some(({ change }) => change === "down") && html`<p class="soft">${i18n.t("dialogKept")}</p>`}
  `;
}
