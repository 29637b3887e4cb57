/**
 * @import { MessageKey } from "../messages.js"
 * @import { AutoTopUp, AutoTopUpWish, Pack } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { cardText, isCustomer } from "../payer_view.js";
import { priceText } from "../plan_words.js";
import { mayBuy } from "../standing/plan_status.js";
import { Button, Form, Section, SectionError, Skeleton } from "./ui.js";

/** Up to this many packs a month, which is what the service allows. */
const MOST_PACKS = 100;

/** When packs are bought by themselves, up to how many, and what stopped it. @param {{ page: Page }} props */
export function TopUp({ page }) {
  const { i18n, state, controller } = page;
  const { value, error } = state.parts.autoTopUp;
  const packs = state.parts.packs.value ?? [];
  const subscription = state.parts.subscription.value;
  if (subscription === null || !mayBuy(subscription) || packs.length === 0) {
    return null;
  }
  return html`
    <${Section} page=${page} id="top-up-title" class="top-up" title=${i18n.t("topUp")} text=${i18n.t("topUpText")}>
      <div class="card" part="card">
        ${value === null && error === null && html`<${Skeleton} lines=${3} />`}
        ${
          value === null &&
          error !== null &&
          html`<${SectionError} page=${page} error=${error} retry=${() => controller.load(["autoTopUp"])} />`
        }
        ${value !== null && html`<${Stopped} page=${page} topUp=${value} />`}
        ${value !== null && html`<${Wishes} page=${page} topUp=${value} packs=${packs} />`}
      </div>
    <//>
  `;
}

/** @param {{ page: Page, topUp: AutoTopUp }} props */
function Stopped({ page, topUp: { stopped } }) {
  const { i18n } = page;
  if (stopped === null) {
    return null;
  }
  const { at, reason } = stopped;
  const why = STOPS[reason] ?? "topUpStoppedOther";
  return html`
    <p class="strip bad" part="notice">${i18n.t(why, { date: i18n.date(at), code: reason })}</p>
  `;
}

/** What stopped it, by the service's code. @type {Readonly<Record<string, MessageKey>>} */
const STOPS = {
  pack_not_offered: "topUpStoppedPack",
  pack_refunded: "topUpStoppedRefund",
  no_customer: "topUpStoppedNoCard",
  no_payment_method: "topUpStoppedNoCard",
  resource_missing: "topUpStoppedNoCard",
  authentication_required: "topUpStoppedConfirm",
  invoice_payment_intent_requires_action: "topUpStoppedConfirm",
  customer_tax_location_invalid: "topUpStoppedAddress",
  card_declined: "topUpStoppedCard",
  expired_card: "topUpStoppedCard",
  incorrect_cvc: "topUpStoppedCard",
  incorrect_number: "topUpStoppedCard",
  insufficient_funds: "topUpStoppedCard",
  processing_error: "topUpStoppedCard",
  payment_refused: "topUpStoppedCard",
};

/** @param {{ page: Page, topUp: AutoTopUp, packs: readonly Pack[] }} props */
function Wishes({ page, topUp, packs }) {
  const { i18n, controller } = page;
  const { enabled, belowTokens, packSlug, maxPerMonth, boughtThisMonth } = topUp;
  const wanted = { enabled, belowTokens, packSlug, maxPerMonth };
  const number = (
    /** @type {string} */ name,
    /** @type {string} */ text,
    /** @type {number} */ value,
    /** @type {number | undefined} */ max,
  ) => html`
    <label class="field">
      <span>${text}</span>
      <input
        type="number"
        name=${name}
        part="field"
        min="1"
        max=${max}
        step="1"
        inputmode="numeric"
        required
        defaultValue=${value}
      />
    </label>
  `;
  return html`
    <${Form} page=${page} name="top-up" saved=${wanted} save=${(/** @type {FormData} */ form) => controller.saveTopUp(wishOf(form))}>
      <div class="choices">
        <label>
          <input type="checkbox" name="enabled" defaultChecked=${enabled} />
          <span>${i18n.t("topUpEnabled")}</span>
        </label>
      </div>
      ${number("belowTokens", i18n.t("topUpBelow"), belowTokens ?? DEFAULTS.belowTokens, undefined)}
      <label class="field">
        <span>${i18n.t("topUpPack")}</span>
        <select name="packSlug" part="field">
          ${packs.map(
            (pack) => html`
              <option key=${pack.slug} value=${pack.slug} defaultSelected=${pack.slug === packSlug}>
                ${i18n.t("packTokens", { count: pack.tokens })}, ${priceText(pack, i18n)}
              </option>
            `,
          )}
        </select>
      </label>
      ${number("maxPerMonth", i18n.t("topUpMost"), maxPerMonth ?? DEFAULTS.maxPerMonth, MOST_PACKS)}
      <${Button} page=${page} action="autoTopUp" submits>${i18n.t("save")}<//>
      <${Charged} page=${page} />
      ${enabled && html`<p class="soft wide">${i18n.t("topUpBought", { count: boughtThisMonth })}</p>`}
    <//>
  `;
}

/** What a pack would be charged to, or the way to store it. @param {{ page: Page }} props */
function Charged({ page }) {
  const { i18n, state, controller } = page;
  const { subscription, invoices, details } = state.parts;
  if (details.value === null || subscription.value === null) {
    return null;
  }
  const card = cardText(details.value, i18n);
  if (card !== null) {
    return html`<p class="soft wide">${i18n.t("topUpCard", { card })}</p>`;
  }
  const known = {
    subscription: subscription.value,
    invoices: invoices.value?.data.length ?? 0,
    details: details.value,
  };
  const store = () => controller.openPortal("payment_method_update", "store-card");
  return html`
    <div class="wide no-card">
      <p class="soft">${i18n.t("topUpNoCard")}</p>
      ${
        isCustomer(known) &&
        html`<${Button} page=${page} action="store-card" onClick=${store}>${i18n.t("storeCard")}<//>`
      }
    </div>
  `;
}

/** What stands in the form of a tenant that has never filled it in. */
const DEFAULTS = { belowTokens: 1_000, maxPerMonth: 2 };

/**
 * @param {FormData} form
 * @returns {AutoTopUpWish}
 */
function wishOf(form) {
  return {
    enabled: form.get("enabled") !== null,
    belowTokens: Number(form.get("belowTokens")),
    packSlug: String(form.get("packSlug")),
    maxPerMonth: Number(form.get("maxPerMonth")),
  };
}
