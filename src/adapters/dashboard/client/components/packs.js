/**
 * @import { Pack } from "../types.js"
 * @import { Page } from "./ui.js"
 */

import { html } from "htm/preact";
import { priceText } from "../plan_words.js";
import { mayBuy } from "../standing/plan_status.js";
import { Button, Section, SectionError, Skeleton } from "./ui.js";

/** The token packs on offer; nothing if there are none. @param {{ page: Page }} props */
export function Packs({ page }) {
  const { i18n, state, controller } = page;
  const { value, error } = state.parts.packs;
  if (value?.length === 0) {
    return null;
  }
  return html`
    <${Section} page=${page} id="packs-title" class="packs" title=${i18n.t("packs")} text=${i18n.t("packsText")}>
      ${value === null && error === null && html`<${Skeleton} lines=${2} />`}
      ${
        value === null &&
        error !== null &&
        html`<${SectionError} page=${page} error=${error} retry=${() => controller.load(["packs"])} />`
      }
      ${
        value !== null &&
        html`<ul class="pack-grid">
          ${value.map((pack) => html`<${PackCard} key=${pack.slug} page=${page} pack=${pack} />`)}
        </ul>`
      }
    <//>
  `;
}

/** @param {{ page: Page, pack: Pack }} props */
function PackCard({ page, pack }) {
  const { i18n, state, controller } = page;
  const tokens = i18n.t("packTokens", { count: pack.tokens });
  const amount = priceText(pack, i18n);
  const subscription = state.parts.subscription.value;
  return html`
    <li class="card pack" part="card pack">
      <div>
        <p class="pack-tokens">${tokens}</p>
        <p class="soft"><bdi>${pack.name}</bdi> · ${amount}</p>
      </div>
      ${
        subscription !== null &&
        mayBuy(subscription) &&
        html`<${Button}
          page=${page}
          action=${`pack:${pack.slug}`}
          label=${i18n.t("packBuyName", { pack: pack.name, tokens, amount })}
          onClick=${() => controller.buyPack(pack.slug)}
        >${i18n.t("packBuy")}<//>`
      }
    </li>
  `;
}
