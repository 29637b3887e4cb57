/**
 * @import { Alerts as Wanted } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { Button, Form, Section, SectionError, Skeleton } from "./ui.js";

/** The parts of the month's e-mails that can be told of. */
const PERCENTAGES = [50, 80, 90, 100];

/** What the tenant is told of before it runs out. @param {{ page: Page }} props */
export function Alerts({ page }) {
  const { i18n, state, controller } = page;
  const { value, error } = state.parts.alerts;
  if (!state.parts.subscription.value?.mayPay) {
    return null;
  }
  return html`
    <${Section} page=${page} id="alerts-title" class="alerts" title=${i18n.t("alerts")} text=${i18n.t("alertsText")}>
      <div class="card" part="card">
        ${value === null && error === null && html`<${Skeleton} lines=${3} />`}
        ${
          value === null &&
          error !== null &&
          html`<${SectionError} page=${page} error=${error} retry=${() => controller.load(["alerts"])} />`
        }
        ${value !== null && html`<${Wishes} page=${page} wanted=${value} />`}
      </div>
    <//>
  `;
}

/** @param {{ page: Page, wanted: Wanted }} props */
function Wishes({ page, wanted }) {
  const { i18n, controller } = page;
  const offered = [...new Set([...PERCENTAGES, ...wanted.emailPercentages])].toSorted(
    (a, b) => a - b,
  );
  return html`
    <${Form} page=${page} name="alerts" saved=${wanted} save=${(/** @type {FormData} */ form) => controller.saveAlerts(alertsOf(form))}>
      <fieldset class="choices">
        <legend>${i18n.t("alertsEmails")}</legend>
        ${offered.map(
          (percentage) => html`
            <label key=${percentage}>
              <input
                type="checkbox"
                name="percentage"
                value=${percentage}
                defaultChecked=${wanted.emailPercentages.includes(percentage)}
              />
              <span>${i18n.percent(percentage / 100)}</span>
            </label>
          `,
        )}
      </fieldset>
      <label class="field">
        <span>${i18n.t("alertsTokens")}</span>
        <input
          type="number"
          name="tokens"
          part="field"
          min="1"
          step="1"
          inputmode="numeric"
          placeholder=${i18n.t("alertsTokensNone")}
          defaultValue=${wanted.tokensBelow ?? ""}
        />
      </label>
      <${Button} page=${page} action="alerts" submits>${i18n.t("save")}<//>
    <//>
  `;
}

/**
 * @param {FormData} form
 * @returns {Wanted}
 */
function alertsOf(form) {
  const tokens = String(form.get("tokens") ?? "").trim();
  return {
    emailPercentages: form.getAll("percentage").map(Number),
    tokensBelow: tokens === "" ? null : Number(tokens),
  };
}
