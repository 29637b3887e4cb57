import { newestFirst } from "../../api/listing.ts";
import type { CancellationRemarks } from "../../engine/cancellation.ts";
import { formatMoney } from "../../engine/money.ts";
import { currentPeriodEnd, isLive } from "../../engine/subscriptions.ts";
import type { WirePaymentMethod, WireSubscription } from "../../state/wire.ts";
import { type Html, html } from "../html.ts";
import { formatDate, type Page } from "../layout.ts";
import { invoiceBadge } from "../status_badge.ts";
import { detailsCard } from "./portal_details.ts";
import { owes, planName, subscriptionCard } from "./portal_subscription.ts";
import { doneText, type Visit } from "./portal_visit.ts";

/**
 * The Portal's first page: subscriptions, card and invoices.
 *
 * @param done the key of what was just done, as the address says it; others say nothing
 */
export function homePage(visit: Visit, done?: unknown): Page {
  const { account, customer, features, session } = visit;
  const subscriptions = account.state.subscriptions.of(customer.id).reverse();
  const notice = doneText(done);
  return {
    title: "Billing",
    layout: "wide",
    body: html`<div class="head">
<div><h1>Billing</h1>
<p class="soft">${customer.name ?? customer.email ?? customer.id}</p></div>
${session.return_url && html`<a href="${session.return_url}">Return to the site</a>`}
</div>
${notice && html`<p class="notice good" role="status">${notice}</p>`}
<div class="pairs">
<section class="card"><h2 class="quiet">Subscription</h2>
${subscriptions.map((subscription) => subscriptionCard(visit, subscription))}
${subscriptions.length === 0 && html`<p class="soft">You have no subscription.</p>`}
</section>
<div class="column">
<section class="card"><h2 class="quiet">Payment method</h2>
${cardText(cardOf(visit, subscriptions))}
${
  features.payment_method_update.enabled &&
  html`<p class="actions">
<a class="button ${subscriptions.some(owes) ? "" : "quiet"}" href="${visit.path}/card">Update card</a></p>`
}
</section>
${detailsCard(visit)}
</div>
</div>
${features.invoice_history.enabled && invoiceHistory(visit)}`,
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
    body: html`<section class="card">
<h1>Cancel ${planName(visit, subscription)}?</h1>
${
  immediately
    ? html`<p>The subscription ends at once. This cannot be taken back.</p>`
    : html`<p>You can use it until <strong>${end}</strong>; then it ends and nothing more is charged.
You can change your mind until that day.</p>`
}
<form method="post" class="fields"
  action="${visit.path}/subscriptions/${subscription.id}/cancel">
${reasonInputs(visit)}
<div class="actions"><button class="danger">Cancel subscription</button>
<a class="button quiet" href="${visit.path}/home">Keep it</a></div>
</form>
</section>`,
  };
}

/** What customers can say when they cancel, in the words of stripe-node's `Feedback`. */
const REASONS: Readonly<Record<string, string>> = {
  customer_service: "The customer service was not what I expected",
  low_quality: "The quality was not what I expected",
  missing_features: "I need more features",
  other: "Another reason",
  switched_service: "I found another service",
  too_complex: "It was hard to use",
  too_expensive: "It is too expensive",
  unused: "I do not use it enough",
};

function reasonInputs({ features }: Visit): Html | false {
  const { enabled, options } = features.subscription_cancel.cancellation_reason;
  return (
    enabled &&
    html`<div><label for="feedback">Why are you canceling? <span class="soft">optional</span></label>
<select id="feedback" name="feedback"><option value="">Prefer not to say</option>${options.map(
      (reason) => html`<option value="${reason}">${REASONS[reason] ?? reason}</option>`,
    )}</select></div>
<div><label for="comment">Anything else? <span class="soft">optional</span></label>
<input id="comment" name="comment" maxlength="500"></div>`
  );
}

/** What was said about a cancellation, as far as the portal asks. */
export function postedRemarks({ features }: Visit, body: unknown): CancellationRemarks {
  const { enabled, options } = features.subscription_cancel.cancellation_reason;
  const values = new Map<string, unknown>(Object.entries(body ?? {}));
  const feedback = options.find((reason) => reason === values.get("feedback")) ?? null;
  const comment = String(values.get("comment") ?? "").trim() || null;
  return enabled ? { feedback, comment } : {};
}

function cardOf(visit: Visit, subscriptions: WireSubscription[]): WirePaymentMethod | undefined {
  const id =
    subscriptions.find(isLive)?.default_payment_method ??
    visit.customer.invoice_settings.default_payment_method;
  return visit.account.state.paymentMethods.get(id ?? "");
}

/** What people call the brands of the test cards. */
const BRANDS: Readonly<Record<string, string>> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

function cardText(method: WirePaymentMethod | undefined): Html {
  if (method?.card === undefined) {
    return html`<p class="soft">No card is saved.</p>`;
  }
  const { brand, last4, exp_month: month, exp_year: year } = method.card;
  return html`<div><p class="name">${BRANDS[brand] ?? brand} ending in ${last4}</p>
<p class="soft">Valid until ${String(month).padStart(2, "0")}/${year}</p></div>`;
}

function invoiceHistory({ account, customer }: Visit): Html {
  const invoices = [
    ...newestFirst(
      account.state.invoices,
      (invoice) => invoice.customer === customer.id && invoice.status !== "draft",
    ),
  ];
  return html`<section class="card"><h2 class="quiet" id="invoices">Invoices</h2>
${
  invoices.length === 0
    ? html`<p class="soft">There are no invoices yet.</p>`
    : html`<div class="scroll" role="region" aria-labelledby="invoices" tabindex="0">
<table class="table">
<thead><tr><th scope="col">Number</th><th scope="col">Date</th><th scope="col">Status</th>
<th scope="col" class="number">Amount</th></tr></thead>
<tbody>${invoices.map(
        (invoice) => html`<tr><th scope="row"><a href="/i/${invoice.id}">${invoice.number}</a></th>
<td>${formatDate(invoice.created)}</td><td>${invoiceBadge(invoice)}</td>
<td class="number">${formatMoney(invoice.total, invoice.currency)}</td></tr>`,
      )}</tbody></table></div>`
}
</section>`;
}
