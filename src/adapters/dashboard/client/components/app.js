/**
 * @import { PlanCard } from "../plan_view.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { failureText } from "../failure_view.js";
import { hasEnded } from "../standing/plan_status.js";
import { phase } from "../store.js";
import { Alerts } from "./alerts.js";
import { CLOUD, LOCK, PERSON } from "./icons.js";
import { Invoices } from "./invoices.js";
import { Notices } from "./notices.js";
import { Overview } from "./overview.js";
import { Packs } from "./packs.js";
import { PlanDialog } from "./plan_dialog.js";
import { Plans } from "./plans.js";
import { TopUp } from "./top_up.js";
import { Button, Heading, Skeleton } from "./ui.js";
import { Usage } from "./usage.js";

/** The whole page, or the reason why it cannot be shown. @param {{ page: Page }} props */
export function App({ page }) {
  const shown = phase(page.state);
  return html`
    <div class="billing">
      <header><${Heading} page=${page} below=${0}>${page.i18n.t("title")}<//></header>
      ${shown === "ready" && html`<${Ready} page=${page} />`}
      ${shown === "loading" && html`<${Loading} page=${page} />`}
      ${shown === "signed_out" && html`<${SignedOut} page=${page} />`}
      ${shown === "foreign" && html`<${Foreign} page=${page} />`}
      ${shown === "failed" && html`<${Failed} page=${page} />`}
    </div>
  `;
}

/** Every change of plan goes through the same dialog. @param {{ page: Page }} props */
function Ready({ page }) {
  const [chosen, setChosen] = useState(/** @type {PlanCard | null} */ (null));
  const choose = (/** @type {PlanCard | null} */ card) => {
    page.controller.forgetFailure();
    setChosen(card);
  };
  const { value: subscription } = page.state.parts.subscription;
  if (subscription !== null && hasEnded(subscription)) {
    return html`
      <${Notices} page=${page} />
      <${Overview} page=${page} choose=${choose} />
      <${Invoices} page=${page} />
    `;
  }
  return html`
    <${Notices} page=${page} />
    <${Overview} page=${page} choose=${choose} />
    <${Usage} page=${page} />
    <${Plans} page=${page} choose=${choose} />
    <${Packs} page=${page} />
    <${TopUp} page=${page} />
    <${Alerts} page=${page} />
    <${Invoices} page=${page} />
    ${
      chosen !== null &&
      html`<${PlanDialog} page=${page} card=${chosen} close=${() => choose(null)} />`
    }
  `;
}

/** @param {{ page: Page }} props */
function Loading({ page }) {
  return html`
    <p class="unseen" role="status">${page.i18n.t("loading")}</p>
    <div class="card overview"><${Skeleton} lines=${4} /></div>
    <div class="pair">
      <div class="card"><${Skeleton} lines=${6} /></div>
      <div class="card"><${Skeleton} lines=${6} /></div>
    </div>
    <div class="card"><${Skeleton} lines=${8} /></div>
  `;
}

/** @param {{ page: Page }} props */
function SignedOut({ page }) {
  const { i18n } = page;
  return html`
    <div class="card full" part="card">
      ${PERSON}
      <${Heading} page=${page} below=${1}>${i18n.t("signedOutTitle")}<//>
      <p class="soft">${i18n.t(page.development ? "signedOutDevelopment" : "signedOutText")}</p>
      <slot name="signed-out">
        <${Button} page=${page} kind="primary" onClick=${page.signIn}>
          ${i18n.t(page.development ? "retry" : "signIn")}
        <//>
      </slot>
    </div>
  `;
}

/** @param {{ page: Page }} props */
function Foreign({ page }) {
  const { i18n } = page;
  return html`
    <div class="card full" part="card" role="alert">
      ${LOCK}
      <${Heading} page=${page} below=${1}>${i18n.t("foreignTitle")}<//>
      <p class="soft">${i18n.t("foreignText")}</p>
    </div>
  `;
}

/** @param {{ page: Page }} props */
function Failed({ page }) {
  const { i18n, state } = page;
  const { error } = state.parts.subscription;
  const isOffline = error?.kind === "offline";
  const title = i18n.t(isOffline ? "offlineTitle" : "failedTitle");
  const text = isOffline ? i18n.t("offlineText") : error && failureText(error, i18n);
  return html`
    <div class="card full" part="card" role="alert">
      ${CLOUD}
      <${Heading} page=${page} below=${1}>${title}<//>
      <p class="soft">${text}</p>
      <${Button} page=${page} kind="primary" onClick=${page.reload}>${i18n.t("retry")}<//>
    </div>
  `;
}
