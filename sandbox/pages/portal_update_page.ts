import { productName } from "../engine/invoice_lines.ts";
import { amountDue } from "../engine/invoices.ts";
import { formatInterval, formatMoney } from "../engine/money.ts";
import {
  immediateChange,
  isPutOff,
  offeredPrices,
  type PortalChoice,
} from "../engine/portal_update.ts";
import { previewChange } from "../engine/preview.ts";
import { currentPeriodEnd } from "../engine/subscriptions.ts";
import type { WireInvoice, WirePrice, WireSubscription } from "../state/wire.ts";
import { type Html, html } from "./html.ts";
import { formatDate, type Page } from "./layout.ts";
import type { Visit } from "./portal_visit.ts";

/** The page that lists the plans of the configuration. */
export function plansPage(visit: Visit, subscription: WireSubscription): Page {
  const present = subscription.items.data[0]?.price.id;
  const others = offeredPrices(visit.account.state, visit.features).filter(
    ({ id, currency }) => id !== present && currency === subscription.currency,
  );
  return {
    title: "Update plan",
    body: html`<h1>Update your plan</h1>
${others.length === 0 && html`<p>There is no other plan.</p>`}
<ul>${others.map(
      (price) => html`<li>
<a href="${updatePath(visit, subscription)}/${price.id}">${nameOf(visit, price)},
${rateOf(price)}</a></li>`,
    )}</ul>
<p><a class="button quiet" href="${visit.path}/home">Back</a></p>`,
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
<p>${nameOf(visit, item.price)}, ${rateOf(item.price)} → <strong>${nameOf(visit, price)},
${rateOf(price)}</strong></p>
${isPutOff(visit.features, choice) ? laterText(subscription) : nowText(visit, choice)}
<form method="post" action="${updatePath(visit, subscription)}/${price.id}">
<button>Confirm</button>
<a class="button quiet" href="${visit.path}/home">Go back</a>
</form>`,
  };
}

function laterText(subscription: WireSubscription): Html {
  const date = formatDate(currentPeriodEnd(subscription));
  return html`<p>Your plan changes on ${date}. Nothing is due today.</p>`;
}

function nowText(visit: Visit, choice: PortalChoice): Html {
  const invoice = previewOf(visit, choice);
  const due = amountDue(invoice.total, visit.customer.balance);
  const currency = invoice.currency;
  const today = invoice.billing_reason === "subscription_update";
  return html`<ul>${invoice.lines.data.map(
    ({ description, amount }) => html`<li>${description}: ${formatMoney(amount, currency)}</li>`,
  )}</ul>
<p class="price">${
    today
      ? `Amount due today: ${formatMoney(due, currency)}`
      : `Due on ${formatDate(invoice.created)}: ${formatMoney(due, currency)}`
  }</p>`;
}

function previewOf(visit: Visit, { subscription, price, quantity }: PortalChoice): WireInvoice {
  return visit.account.transact((tx) =>
    previewChange(tx, subscription, (copy) => {
      const [item] = copy.items.data;
      return item && immediateChange(tx, visit.features, { item, price, quantity });
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
