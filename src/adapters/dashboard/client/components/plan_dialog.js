/**
 * @import { ApiError } from "../api.js"
 * @import { PlanCard } from "../plan_view.js"
 * @import { Preview } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { planName } from "../plan_status.js";
import { previewView, refusalView } from "../preview_view.js";
import { CLOSE } from "./icons.js";
import { Button, errorText, Heading, Skeleton } from "./ui.js";

/**
 * Shows what a choice costs and changes before the user goes to Stripe.
 *
 * @param {{ page: Page, card: PlanCard, close: () => void }} props
 */
export function PlanDialog({ page, card, close }) {
  const { i18n, controller } = page;
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [preview, setPreview] = useState(/** @type {Preview | null} */ (null));
  const [error, setError] = useState(/** @type {ApiError | null} */ (null));
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let shown = true;
    controller.preview(card.slug, card.interval ?? "month").then(
      (answer) => shown && setPreview(answer),
      (reason) => shown && setError(reason),
    );
    return () => {
      shown = false;
    };
  }, []);
  const leave = () => dialog.current?.close();
  return html`
    <dialog ref=${dialog} aria-labelledby="dialog-title" onClose=${close}>
      <div class="dialog-head">
        <${Heading} page=${page} below=${1} id="dialog-title">${card.action?.label ?? card.name}<//>
        <button type="button" class="icon-button" aria-label=${i18n.t("close")} onClick=${leave}>
          ${CLOSE}
        </button>
      </div>
      <div aria-live="polite" aria-busy=${preview === null && error === null}>
        ${preview !== null && html`<${Costs} page=${page} preview=${preview} />`}
        ${error !== null && html`<${Refusal} page=${page} error=${error} />`}
        ${
          preview === null &&
          error === null &&
          html`<p class="soft">${i18n.t("dialogAsking")}</p><${Skeleton} lines=${3} />`
        }
      </div>
      ${preview !== null && html`<${Changes} page=${page} card=${card} preview=${preview} />`}
      <div class="dialog-foot">
        <${Button} page=${page} onClick=${leave}>${i18n.t("dialogBack")}<//>
        ${
          preview !== null &&
          html`<${Button}
            page=${page}
            kind="primary"
            action=${`plan:${card.slug}`}
            onClick=${() => controller.choosePlan(preview)}
          >${previewView(preview, "", i18n).go}<//>`
        }
      </div>
    </dialog>
  `;
}

/** @param {{ page: Page, preview: Preview }} props */
function Costs({ page, preview }) {
  const { i18n, state } = page;
  const present = planName(
    state.parts.subscription.value?.planSlug ?? null,
    state.parts.plans.value ?? [],
    i18n,
  );
  const view = previewView(preview, present, i18n);
  const { notice } = state;
  return html`
    <dl class="costs">
      ${view.lines.map(
        ({ name, amount }) => html`<div class="line"><dt>${name}</dt><dd>${amount}</dd></div>`,
      )}
      <div class="due">
        <dt>${i18n.t("dialogDueNow")}</dt>
        <dd>${view.dueNow}${view.trial && html`<small>${view.trial}</small>`}</dd>
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
    ${notice?.type === "failed" && html`<p class="problem" role="alert">${i18n.t("actionFailed")}</p>`}
  `;
}

/** @param {{ page: Page, error: ApiError }} props */
function Refusal({ page, error }) {
  const { i18n, controller } = page;
  const { text, action, label } = refusalView(error, i18n);
  const flow = action === "pay" ? /** @type {const} */ ("payment_method_update") : undefined;
  const press = () => (action === "resume" ? controller.resume() : controller.openPortal(flow));
  return html`
    <div class="refusal">
      <p>${errorText(error, i18n) ?? text}</p>
      ${
        action !== null &&
        html`<${Button}
          page=${page}
          kind="primary"
          action=${action === "resume" ? "resume" : `portal:${flow ?? "home"}`}
          onClick=${press}
        >${label}<//>`
      }
    </div>
  `;
}

/** @param {{ page: Page, card: PlanCard, preview: Preview }} props */
function Changes({ page, card, preview }) {
  const { i18n } = page;
  const { changes } = previewView(preview, "", i18n);
  if (changes.length === 0) {
    return null;
  }
  return html`
    <table class="changes">
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
          ({ key, name, present, value, note, change, changeText }) => html`
            <tr key=${key}>
              <th scope="row">${name}</th>
              <td>${present}</td>
              <td class=${change}>
                ${value}${changeText && html`<span class="unseen">, ${changeText}</span>`}
                ${note && html`<small>${note}</small>`}
              </td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}
