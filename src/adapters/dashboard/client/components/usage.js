/**
 * @import { Period } from "../usage_view.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { chartBars, emailView, tokenView } from "../usage_view.js";
import { Section, SectionError, Skeleton } from "./ui.js";

/** The e-mails and AI tokens of the current period. @param {{ page: Page }} props */
export function Usage({ page }) {
  return html`
    <div class="pair">
      <${Emails} page=${page} />
      <${Tokens} page=${page} />
    </div>
  `;
}

/** @param {{ page: Page }} props */
function Emails({ page }) {
  const { i18n, state } = page;
  const subscription = state.parts.subscription.value;
  if (subscription === null) {
    return null;
  }
  const view = emailView(subscription, state.parts.plans.value ?? [], i18n);
  return html`
    <${Section} page=${page} id="emails-title" class=${`card emails ${view.level}`} part="card" title=${i18n.t("emails")}>
      <div class="numbers">
        <p class="figure">${view.used}</p>
        ${view.meter && html`<${Meter} meter=${view.meter} />`}
        <p class="note">${view.note}</p>
        ${view.resets && html`<p class="soft">${view.resets}</p>`}
      </div>
      <${Months} page=${page} of="emailPeriods" title=${i18n.t("emailChartTitle")} />
    <//>
  `;
}

/**
 * A meter that ends where sending stops.
 *
 * @param {{ meter: NonNullable<ReturnType<typeof emailView>["meter"]> }} props
 */
function Meter({ meter }) {
  const at = (/** @type {number} */ part) => ({ "--at": part });
  return html`
    <div class="meter">
      <div
        class="track"
        part="meter"
        role="meter"
        aria-labelledby="emails-title"
        aria-valuemin="0"
        aria-valuemax=${meter.max}
        aria-valuenow=${meter.now}
        aria-valuetext=${meter.text}
      >
        <span class="fill" part="meter-fill" style=${at(meter.fill)}></span>
        <span class="mark" style=${at(meter.warningAt)}></span>
        <span class="mark" style=${at(meter.limitAt)}></span>
      </div>
      <div class="marks soft">
        <span style=${at(meter.warningAt)}>${meter.marks.warning}</span>
        <span style=${at(1)}>${meter.marks.stop}</span>
      </div>
    </div>
  `;
}

/** @param {{ page: Page }} props */
function Tokens({ page }) {
  const { i18n, state } = page;
  const subscription = state.parts.subscription.value;
  if (subscription === null) {
    return null;
  }
  const view = tokenView(subscription, i18n);
  return html`
    <${Section} page=${page} id="tokens-title" class="card tokens" part="card" title=${i18n.t("tokens")}>
      <div class="numbers">
        <p class="figure">${view.available}${" "}<small>${i18n.t("tokensAvailable")}</small></p>
        <dl class="parts">
          ${view.parts.map(
            ({ name, value: amount, note }) => html`
              <div key=${name}>
                <dt>${name}</dt>
                <dd>${amount}</dd>
                ${note && html`<dd class="part-note soft">${note}</dd>`}
              </div>
            `,
          )}
        </dl>
      </div>
      <${Months} page=${page} of="periods" title=${i18n.t("chartTitle")} />
    <//>
  `;
}

/**
 * What was used in the last months.
 *
 * @param {{ page: Page, of: "periods" | "emailPeriods", title: string }} props
 */
function Months({ page, of, title }) {
  const { state, controller } = page;
  const { value, error } = state.parts[of];
  if (value !== null) {
    return html`<${Chart} page=${page} title=${title} periods=${value} />`;
  }
  return error === null
    ? html`<${Skeleton} lines=${4} />`
    : html`<${SectionError} page=${page} error=${error} retry=${() => controller.load([of])} />`;
}

/**
 * A table drawn as columns, so screen readers get what others see.
 *
 * @param {{ page: Page, title: string, periods: readonly Period[] }} props
 */
function Chart({ page, title, periods }) {
  const { i18n } = page;
  const bars = chartBars(periods, i18n);
  if (bars.every(({ size }) => size === 0)) {
    return html`<p class="soft chart-empty">${i18n.t("chartEmpty")}</p>`;
  }
  return html`
    <table class=${`charts-css column show-heading show-labels show-primary-axis data-spacing-${bars.length > 8 ? 2 : 8} chart`} role="table">
      <caption>${title}</caption>
      <thead class="unseen" role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">${i18n.t("chartPeriod")}</th>
          <th scope="col" role="columnheader">${i18n.t("chartUsed")}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${bars.map(
          ({ start, label, name, used, short, size, running }) => html`
            <tr key=${start} role="row" class=${running ? "running" : ""}>
              <th scope="row" role="rowheader" title=${name}>
                <span aria-hidden="true">${label}</span><span class="unseen">${name}</span>
              </th>
              <td role="cell" style=${{ "--size": size }} title=${used}>
                <span class="data" aria-hidden="true">${short}</span>
                <span class="unseen">${used}</span>
              </td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}
