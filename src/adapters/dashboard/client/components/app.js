/**
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { phase } from "../store.js";
import { CLOUD, LOCK, PERSON } from "./icons.js";
import { Invoices } from "./invoices.js";
import { Notices } from "./notices.js";
import { Overview } from "./overview.js";
import { Packs } from "./packs.js";
import { Plans } from "./plans.js";
import { Button, errorText, Heading, Skeleton } from "./ui.js";
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

/** @param {{ page: Page }} props */
function Ready({ page }) {
  return html`
    <${Notices} page=${page} />
    <${Overview} page=${page} />
    <${Usage} page=${page} />
    <${Plans} page=${page} />
    <${Packs} page=${page} />
    <${Invoices} page=${page} />
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
    <div class="card full">
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
    <div class="card full" role="alert">
      ${LOCK}
      <${Heading} page=${page} below=${1}>${i18n.t("foreignTitle")}<//>
      <p class="soft">${i18n.t("foreignText")}</p>
    </div>
  `;
}

/** @param {{ page: Page }} props */
function Failed({ page }) {
  const { i18n, controller, state } = page;
  const { error } = state.parts.subscription;
  const offline = error?.kind === "offline" && !navigator.onLine;
  const said = error && !offline ? errorText(error, i18n) : null;
  return html`
    <div class="card full" role="alert">
      ${CLOUD}
      <${Heading} page=${page} below=${1}>${i18n.t(offline ? "offlineTitle" : "failedTitle")}<//>
      <p class="soft">${said ?? i18n.t(offline ? "offlineText" : "failedText")}</p>
      <${Button} page=${page} kind="primary" onClick=${() => controller.load()}>${i18n.t("retry")}<//>
    </div>
  `;
}
