import { isSoldIn, priceIn } from "../../engine/catalog/price_in.ts";
import { productName } from "../../engine/invoice_lines.ts";
import { amountDue } from "../../engine/invoices.ts";
import { formatInterval, formatMoney, formatUnit } from "../../engine/money.ts";
import { subscriptionChange } from "../../engine/plan_change.ts";
import {
  allowsCodes,
  immediateChange,
  isPutOff,
  offeredPrices,
  type PortalChoice,
  quantityRange,
} from "../../engine/portal_update.ts";
import { previewChange } from "../../engine/preview.ts";
import { currentPeriodEnd } from "../../engine/subscriptions.ts";
import type { WireInvoice, WirePrice, WireSubscription } from "../../state/wire.ts";
import { type Html, html } from "../html.ts";
import { formatDate, type Page } from "../layout.ts";
import { change, type Visit } from "./portal_visit.ts";

/** The page that lists the plans of the configuration. */
export function plansPage(visit: Visit, subscription: WireSubscription): Page {
  const present = subscription.items.data[0]?.price;
  const { state } = visit.account;
  const { currency } = subscription;
  const others = offeredPrices(state, visit.features).filter(
    (price) => price.id !== present?.id && isSoldIn(state, price, currency),
  );
  return {
    title: "Update plan",
    body: html`<h1>Update your plan</h1>
<section class="card" aria-label="Plans">
<ul class="plain plans">
${
  present !== undefined &&
  html`<li>${planRow(visit, present, currency)}<span class="badge info">Your plan</span></li>
${isChangeable(visit, present) && html`<li>${chooser(visit, subscription, present)}</li>`}`
}
${others.map(
  (price) =>
    html`<li>${planRow(visit, price, currency)}${chooser(visit, subscription, price)}</li>`,
)}
</ul>
${others.length === 0 && html`<p class="soft">There is no other plan.</p>`}
</section>
<p class="actions"><a class="button quiet" href="${visit.path}/home">Back</a></p>`,
  };
}

/** Whether something else than the price of the present plan can be changed. */
function isChangeable({ features }: Visit, price: WirePrice): boolean {
  return allowsCodes(features) || quantityRange(features, price) !== undefined;
}

/** Leads to the confirmation of a price, with a quantity and a promotion code where they may be. */
function chooser(visit: Visit, subscription: WireSubscription, price: WirePrice): Html {
  const path = `${updatePath(visit, subscription)}/${price.id}`;
  const [item] = subscription.items.data;
  const own = item?.price.id === price.id;
  const range = quantityRange(visit.features, price);
  const verb = own ? "Change" : "Choose";
  const what = html`${verb}<span class="unseen"> ${nameOf(visit, price)},
${rateOf(visit, price, subscription.currency)}</span>`;
  if (!isChangeable(visit, price)) {
    return html`<a class="button quiet" href="${path}">${what}</a>`;
  }
  const id = price.id;
  return html`<form method="get" action="${path}" class="fields">
${
  range !== undefined &&
  html`<div><label for="q-${id}">Quantity</label>
<input id="q-${id}" name="quantity" type="number" min="${range.minimum}"
  max="${range.maximum ?? 999_999}" value="${item?.quantity ?? 1}" required></div>`
}
${
  allowsCodes(visit.features) &&
  html`<div><label for="c-${id}">Promotion code</label>
<input id="c-${id}" name="code" autocomplete="off"></div>`
}
<div class="actions"><button class="quiet">${what}</button></div>
</form>`;
}

/** The page that says what a choice costs now and later, and asks for confirmation. */
export function confirmPage(visit: Visit, choice: PortalChoice): Page {
  const { subscription, item, price, quantity, code } = choice;
  const { redirect } = visit.session.flow?.after_completion ?? {};
  const { currency } = subscription;
  return {
    title: "Confirm your update",
    formTargets: redirect ? [redirect.return_url] : [],
    body: html`<h1>Confirm your update</h1>
<section class="card" aria-label="Your update">
<dl class="facts">
<div><dt>Now</dt><dd>${planRow(visit, item.price, currency)}</dd></div>
<div><dt>New plan</dt><dd>${planRow(visit, price, currency)}</dd></div>
${quantity !== (item.quantity ?? 1) && html`<div><dt>Quantity</dt><dd>${quantity}</dd></div>`}
${code && html`<div><dt>Promotion code</dt><dd>${code.code}</dd></div>`}
</dl>
${isPutOff(visit.account.state, visit.features, choice) ? laterText(subscription) : nowText(visit, choice)}
<form method="post" action="${updatePath(visit, subscription)}/${price.id}" class="actions">
${
  quantityRange(visit.features, price) &&
  html`<input type="hidden" name="quantity" value="${quantity}">`
}
${code && html`<input type="hidden" name="code" value="${code.code}">`}
<button>Confirm</button>
<a class="button quiet" href="${visit.path}/home">Go back</a>
</form>
</section>`,
  };
}

function planRow(visit: Visit, price: WirePrice, currency: string): Html {
  return html`<div><strong class="name">${nameOf(visit, price)}</strong>
<p class="soft">${rateOf(visit, price, currency)}</p></div>`;
}

function laterText(subscription: WireSubscription): Html {
  const date = formatDate(currentPeriodEnd(subscription));
  return html`<p class="notice info">Your plan changes on ${date}. Nothing is due today.</p>`;
}

function nowText(visit: Visit, choice: PortalChoice): Html {
  const invoice = previewOf(visit, choice);
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  const due = amountDue(invoice.total, visit.customer.balance);
  const balance = due - invoice.total;
  const today = invoice.billing_reason === "subscription_update";
  return html`<table class="sums"><caption class="unseen">What it costs</caption><tbody>
${invoice.lines.data.map(
  ({ description, amount }) => html`<tr><th scope="row">${description}</th>
<td>${money(amount)}</td></tr>`,
)}
${
  balance !== 0 &&
  html`<tr><th scope="row">${balance < 0 ? "Paid from your credit" : "Kept as credit for later"}</th>
<td>${money(balance)}</td></tr>`
}
</tbody></table>
<p class="due"><span>${today ? "Amount due today" : `Due on ${formatDate(invoice.created)}`}:</span>
<span>${money(due)}</span></p>`;
}

function previewOf(visit: Visit, { subscription, ...choice }: PortalChoice): WireInvoice {
  return change(visit, (tx) =>
    previewChange(tx, subscription, (copy) => {
      const [item] = copy.items.data;
      return (
        item && subscriptionChange(copy, immediateChange(tx, visit.features, { ...choice, item }))
      );
    }),
  );
}

function updatePath(visit: Visit, subscription: WireSubscription): string {
  return `${visit.path}/subscriptions/${subscription.id}/update`;
}

function nameOf(visit: Visit, price: WirePrice): string {
  return productName(visit.account.state, price);
}

function rateOf({ account }: Visit, price: WirePrice, currency: string): string {
  return `${formatUnit(priceIn(account.state, price, currency))} per ${formatInterval(price)}`;
}
