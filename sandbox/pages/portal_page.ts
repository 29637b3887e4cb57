import { newestFirst } from "../api/listing.ts";
import { productName } from "../engine/invoice_lines.ts";
import { formatInterval, formatMoney } from "../engine/money.ts";
import { hasFuturePhase, scheduleOf } from "../engine/schedules.ts";
import { currentPeriodEnd, isLive, scheduledEnd } from "../engine/subscriptions.ts";
import type { WirePaymentMethod, WireSubscription } from "../state/wire.ts";
import { type Html, html } from "./html.ts";
import { formatDate, type Page } from "./layout.ts";
import type { Visit } from "./portal_visit.ts";

/** The Portal's first page: subscriptions, card and invoices. */
export function homePage(visit: Visit): Page {
  const { account, customer, features, session } = visit;
  const subscriptions = newestFirst(
    account.state.subscriptions,
    (subscription) => subscription.customer === customer.id,
  );
  return {
    title: "Billing",
    body: html`<h1>Billing</h1>
<p class="soft">${customer.name ?? customer.email ?? customer.id}</p>
<h2>Subscription</h2>
${subscriptions.map((subscription) => subscriptionCard(visit, subscription))}
${subscriptions.length === 0 && html`<p>You have no subscription.</p>`}
<h2>Payment method</h2>
<p>${cardText(cardOf(visit, subscriptions))}</p>
${
  features.payment_method_update.enabled &&
  html`<p><a class="button quiet" href="${visit.path}/card">Update card</a></p>`
}
${features.invoice_history.enabled && invoiceHistory(visit)}
${session.return_url && html`<p><a href="${session.return_url}">Return to the site</a></p>`}`,
  };
}

/** The page that asks before a subscription is canceled. */
export function cancelPage(visit: Visit, subscription: WireSubscription): Page {
  const immediately = visit.features.subscription_cancel.mode === "immediately";
  const end = formatDate(currentPeriodEnd(subscription));
  const redirect = visit.session.flow?.after_completion.redirect;
  return {
    title: "Cancel subscription",
    formTargets: redirect ? [redirect.return_url] : [],
    body: html`<h1>Cancel ${planName(visit, subscription)}?</h1>
<p>${
      immediately
        ? "The subscription ends at once."
        : `You can use it until ${end}; then it ends and nothing more is charged.`
    }</p>
<form method="post" action="${visit.path}/subscriptions/${subscription.id}/cancel">
<button>Cancel subscription</button>
<a class="button quiet" href="${visit.path}/home">Keep it</a>
</form>`,
  };
}

function subscriptionCard(visit: Visit, subscription: WireSubscription): Html {
  const total = subscription.items.data.reduce(
    (sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * (quantity ?? 1),
    0,
  );
  const price = subscription.items.data[0]?.price;
  const rate = `${formatMoney(total, subscription.currency)} per ${price ? formatInterval(price) : ""}`;
  return html`<section class="card">
<strong>${planName(visit, subscription)}</strong><br>
${rate}<br>
Status: ${subscription.status.replaceAll("_", " ")}<br>
${dateText(subscription)}
${isLive(subscription) && scheduledText(visit, subscription)}
${isLive(subscription) && subscriptionActions(visit, subscription)}
</section>`;
}

function subscriptionActions(visit: Visit, subscription: WireSubscription): Html {
  const path = `${visit.path}/subscriptions/${subscription.id}`;
  if (scheduledEnd(subscription) !== null) {
    return html`<form method="post" action="${path}/renew"><button>Renew</button></form>`;
  }
  const { subscription_cancel: cancel, subscription_update: update } = visit.features;
  const changes = update.enabled && !hasFuturePhase(scheduleOf(visit.account.state, subscription));
  return html`<p>
${changes && html`<a class="button quiet" href="${path}/update">Update plan</a>`}
${cancel.enabled && html`<a class="button quiet" href="${path}/cancel">Cancel subscription</a>`}
</p>`;
}

function scheduledText(visit: Visit, subscription: WireSubscription): Html | undefined {
  const { state } = visit.account;
  const schedule = scheduleOf(state, subscription);
  const next = schedule?.phases.at(-1);
  const price = state.prices.get(next?.items[0]?.price ?? "");
  if (!hasFuturePhase(schedule) || next === undefined || price === undefined) {
    return undefined;
  }
  const path = `${visit.path}/subscriptions/${subscription.id}`;
  return html`<p>Changes to ${productName(state, price)} on ${formatDate(next.start_date)}</p>
<form method="post" action="${path}/keep">
<button class="quiet">Keep the current plan</button>
</form>`;
}

function dateText(subscription: WireSubscription): string {
  const end = subscription.ended_at ?? scheduledEnd(subscription);
  if (!isLive(subscription)) {
    return `Ended on ${formatDate(end ?? subscription.created)}`;
  }
  return end === null
    ? `Next payment on ${formatDate(currentPeriodEnd(subscription))}`
    : `Ends on ${formatDate(end)}`;
}

function planName(visit: Visit, subscription: WireSubscription): string {
  return subscription.items.data
    .map(({ price }) => productName(visit.account.state, price))
    .join(", ");
}

function cardOf(visit: Visit, subscriptions: WireSubscription[]): WirePaymentMethod | undefined {
  const id =
    subscriptions.find(isLive)?.default_payment_method ??
    visit.customer.invoice_settings.default_payment_method;
  return visit.account.state.paymentMethods.get(id ?? "");
}

function cardText(method: WirePaymentMethod | undefined): string {
  if (method?.card === undefined) {
    return "No card is saved.";
  }
  const { last4, exp_month: month, exp_year: year } = method.card;
  return `Visa ending in ${last4}, valid until ${String(month).padStart(2, "0")}/${year}`;
}

function invoiceHistory({ account, customer }: Visit): Html {
  const invoices = newestFirst(
    account.state.invoices,
    (invoice) => invoice.customer === customer.id && invoice.status !== "draft",
  );
  return html`<h2>Invoices</h2>
${invoices.length === 0 && html`<p>There are no invoices yet.</p>`}
<ul>${invoices.map(
    (invoice) => html`<li><a href="/i/${invoice.id}">${invoice.number}</a>,
${formatDate(invoice.created)}, ${formatMoney(invoice.total, invoice.currency)}, ${invoice.status}</li>`,
  )}</ul>`;
}
