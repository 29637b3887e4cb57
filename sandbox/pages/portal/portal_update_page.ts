import { productName } from "../../engine/invoice_lines.ts";
import { amountDue } from "../../engine/invoices.ts";
import { formatInterval, formatMoney } from "../../engine/money.ts";
import { subscriptionChange } from "../../engine/plan_change.ts";
import {
  immediateChange,
  isPutOff,
  offeredPrices,
  type PortalChoice,
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
  const others = offeredPrices(visit.account.state, visit.features).filter(
    ({ id, currency }) => id !== present?.id && currency === subscription.currency,
  );
  const path = updatePath(visit, subscription);
  return {
    title: "Update plan",
    body: html`<h1>Update your plan</h1>
<section class="card" aria-label="Plans">
<ul class="plain plans">
${
  present !== undefined &&
  html`<li>${planRow(visit, present)}<span class="badge info">Your plan</span></li>`
}
${others.map(
  (price) => html`<li>${planRow(visit, price)}
<a class="button quiet" href="${path}/${price.id}">Choose<span class="unseen">
${nameOf(visit, price)}, ${rateOf(price)}</span></a></li>`,
)}
</ul>
${others.length === 0 && html`<p class="soft">There is no other plan.</p>`}
</section>
<p class="actions"><a class="button quiet" href="${visit.path}/home">Back</a></p>`,
  };
}

/** The page that says what a choice costs now and later, and asks for confirmation. */
export function confirmPage(visit: Visit, choice: PortalChoice): Page {
  const { subscription, item, price } = choice;
  const { redirect } = visit.session.flow?.after_completion ?? {};
  return {
    title: "Confirm your update",
    formTargets: redirect ? [redirect.return_url] : [],
    body: html`<h1>Confirm your update</h1>
<section class="card" aria-label="Your update">
<dl class="facts">
<div><dt>Now</dt><dd>${planRow(visit, item.price)}</dd></div>
<div><dt>New plan</dt><dd>${planRow(visit, price)}</dd></div>
</dl>
${isPutOff(visit.features, choice) ? laterText(subscription) : nowText(visit, choice)}
<form method="post" action="${updatePath(visit, subscription)}/${price.id}" class="actions">
<button>Confirm</button>
<a class="button quiet" href="${visit.path}/home">Go back</a>
</form>
</section>`,
  };
}

function planRow(visit: Visit, price: WirePrice): Html {
  return html`<div><strong class="name">${nameOf(visit, price)}</strong>
<p class="soft">${rateOf(price)}</p></div>`;
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

function previewOf(visit: Visit, { subscription, price, quantity }: PortalChoice): WireInvoice {
  return change(visit, (tx) =>
    previewChange(tx, subscription, (copy) => {
      const [item] = copy.items.data;
      return (
        item &&
        subscriptionChange(copy, immediateChange(tx, visit.features, { item, price, quantity }))
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

function rateOf(price: WirePrice): string {
  return `${formatMoney(price.unit_amount ?? 0, price.currency)} per ${formatInterval(price)}`;
}
