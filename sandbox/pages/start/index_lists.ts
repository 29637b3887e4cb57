import type { Account } from "../../account.ts";
import { newestFirst } from "../../api/listing.ts";
import { productName } from "../../engine/invoice_lines.ts";
import { currentPeriodEnd, isLive, scheduledEnd } from "../../engine/subscriptions.ts";
import type { Delivery } from "../../state/delivery.ts";
import type { State } from "../../state/state.ts";
import type {
  WireCheckoutSession,
  WireCustomer,
  WireEvent,
  WireSubscription,
} from "../../state/wire.ts";
import { type Html, html } from "../html.ts";
import { formatDate } from "../layout.ts";
import { deliveryBadge, subscriptionBadge } from "../status_badge.ts";

const SHOWN = 20;

/** A list of the page at `/`, with its newest entries. */
interface List {
  id: string;
  title: string;
  columns: readonly string[];
  rows: readonly Html[];
  /** What is said where there are no rows. */
  nothing: string;
  note?: Html | false;
}

/** The checkouts that wait to be paid. */
export function openCheckouts({ state }: Account): Html {
  const open = newestFirst(state.checkoutSessions, ({ status }) => status === "open");
  return list({
    id: "checkouts",
    title: "Open checkouts",
    columns: ["Checkout", "For", "Expires"],
    nothing: "None waits to be paid.",
    rows: first(open).map(
      (session) => html`<tr>
<th scope="row"><a href="/c/pay/${session.id}">${session.id.slice(0, 20)}…</a></th>
<td>${payerName(state, session)}</td>
<td>${formatDate(session.expires_at)}</td></tr>`,
    ),
  });
}

/** The customers with their subscriptions. */
export function customers({ state }: Account): Html {
  return list({
    id: "customers",
    title: "Customers and subscriptions",
    columns: ["Customer", "Subscription", "Status", "What is next"],
    nothing: "There are none yet.",
    rows: first(state.customers.newestFirst()).flatMap((customer) => customerRows(state, customer)),
  });
}

/** The events, and how far their delivery is. */
export function events({ state }: Account): Html {
  const deliveries = Map.groupBy(state.deliveries.values(), ({ event }) => event);
  return list({
    id: "events",
    title: "Events and deliveries",
    columns: ["Event", "Time", "Delivery"],
    nothing: "Nothing has happened yet.",
    note: state.delivery.paused && html`<p class="notice warn">Delivery is paused.</p>`,
    rows: first(state.events.newestFirst()).map((event) =>
      eventRow(event, deliveries.get(event.id) ?? []),
    ),
  });
}

/** As many as one list shows. */
function first<T>(values: Iterable<T>): T[] {
  const shown: T[] = [];
  for (const value of values) {
    if (shown.push(value) === SHOWN) {
      break;
    }
  }
  return shown;
}

function payerName(state: State, session: WireCheckoutSession): string {
  const customer = state.customers.get(session.customer ?? "");
  return customer?.name ?? customer?.email ?? session.customer_email ?? "A new customer";
}

function customerRows(state: State, customer: WireCustomer): Html[] {
  const own = state.subscriptions.of(customer.id).reverse();
  const name = html`<th scope="row">${customer.name ?? customer.email ?? "No name"}<br>
<span class="code soft">${customer.id}</span></th>`;
  return own.length === 0
    ? [html`<tr>${name}<td class="soft" colspan="3">No subscription</td></tr>`]
    : own.map(
        (subscription) => html`<tr>${name}
<td>${subscription.items.data.map(({ price }) => productName(state, price)).join(", ")}</td>
<td>${subscriptionBadge(subscription.status, scheduledEnd(subscription) !== null)}</td>
<td>${nextText(subscription)}</td></tr>`,
      );
}

function nextText(subscription: WireSubscription): string {
  const end = subscription.ended_at ?? scheduledEnd(subscription);
  if (end !== null) {
    return `${isLive(subscription) ? "Ends" : "Ended"} ${formatDate(end)}`;
  }
  return `Renews ${formatDate(currentPeriodEnd(subscription))}`;
}

function eventRow(event: WireEvent, deliveries: readonly Delivery[]): Html {
  const time = new Date(event.created * 1000).toISOString();
  return html`<tr><th scope="row" class="code">${event.type}</th>
<td><time datetime="${time}">${time.slice(0, 19).replace("T", " ")}</time></td>
<td>${deliveries.length === 0 && html`<span class="soft">No endpoint takes it</span>`}${deliveries.map(
    (delivery) =>
      html`${deliveryBadge(delivery)} ${
        delivery.attempts.length > 1 &&
        html`<span class="soft small">after
${delivery.attempts.length} attempts</span> `
      }`,
  )}</td></tr>`;
}

function list({ id, title, columns, rows, nothing, note }: List): Html {
  return html`<section class="card"><h2 id="${id}">${title}</h2>
${note}
${
  rows.length === 0
    ? html`<p class="soft">${nothing}</p>`
    : html`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
<table class="table long"><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr>
</thead><tbody>${rows}</tbody></table></div>`
}
</section>`;
}
