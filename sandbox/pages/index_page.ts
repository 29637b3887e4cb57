import { type Request, type Response, Router } from "express";
import type { Account } from "../account.ts";
import { newestFirst } from "../api/listing.ts";
import { nextRenewalAt } from "../engine/due.ts";
import { requireSameOrigin } from "./guard.ts";
import { type Html, html } from "./html.ts";
import { messagePage, sendPage } from "./layout.ts";
import type { PagePorts } from "./pages.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const SHOWN = 20;

/** The page at `/` for people: what this is, its clock, and what has happened so far. */
export function createIndexPage({ account, saved }: PagePorts): Router {
  const router = Router();
  router.get("/", (_request, response) => {
    account.catchUp();
    sendPage(response, { title: "Stripe sandbox", body: overview(account) });
  });
  router.post("/clock", requireSameOrigin, async (request: Request, response: Response) => {
    const target = targetOf(account, request.body);
    if (target === undefined) {
      const text = "The clock moves by an hour, a day, a month or to the next renewal.";
      sendPage(response, messagePage("Not moved", text, { status: 400, back: "/" }));
      return;
    }
    account.advanceTo(target);
    await saved();
    response.redirect(303, "/");
  });
  return router;
}

function targetOf(account: Account, body: unknown): number | undefined {
  const nowMs = account.nowMs();
  switch (new Map<string, unknown>(Object.entries(body ?? {})).get("by")) {
    case "hour":
      return nowMs + HOUR_MS;
    case "day":
      return nowMs + DAY_MS;
    case "month":
      return nowMs + 31 * DAY_MS;
    case "renewal": {
      const renewalAt = nextRenewalAt(account.state);
      return renewalAt === undefined ? undefined : Math.max(nowMs, renewalAt * 1000);
    }
    default:
      return undefined;
  }
}

function overview(account: Account): Html {
  const now = new Date(account.nowMs()).toISOString();
  return html`<h1>Stripe sandbox</h1>
<p>This server speaks Stripe's API for development and tests. No card is charged, and nothing
leaves this machine but the webhooks.</p>
<h2>Clock</h2>
<p><time datetime="${now}">${now.slice(0, 19).replace("T", " ")} UTC</time></p>
<form method="post" action="/clock">
<button class="quiet" name="by" value="hour">Advance an hour</button>
<button class="quiet" name="by" value="day">Advance a day</button>
<button class="quiet" name="by" value="month">Advance a month</button>
${
  nextRenewalAt(account.state) !== undefined &&
  html`<button class="quiet" name="by" value="renewal">To the next renewal</button>`
}
</form>
<p class="soft">A renewal is charged an hour after the period ends, as at Stripe.</p>
${openSessions(account)}
${customers(account)}
${deliveries(account)}`;
}

function openSessions({ state }: Account): Html {
  const open = newestFirst(state.checkoutSessions, ({ status }) => status === "open");
  return html`<h2>Open checkouts</h2>
${open.length === 0 && html`<p class="soft">None.</p>`}
<ul>${open.slice(0, SHOWN).map(
    (session) => html`<li><a href="/c/pay/${session.id}">${session.id.slice(0, 20)}…</a>
for ${session.customer ?? session.customer_email ?? "a new customer"}</li>`,
  )}</ul>`;
}

function customers({ state }: Account): Html {
  const newest = newestFirst(state.customers, () => true);
  return html`<h2>Customers</h2>
${newest.length === 0 && html`<p class="soft">None.</p>`}
<ul>${newest.slice(0, SHOWN).map((customer) => {
    const statuses = [...state.subscriptions.values()]
      .filter((subscription) => subscription.customer === customer.id)
      .map(({ status }) => status);
    return html`<li>${customer.id}, ${customer.email ?? customer.name ?? "no name"}:
${statuses.join(", ") || "no subscription"}</li>`;
  })}</ul>`;
}

function deliveries({ state }: Account): Html {
  const newest = newestFirst(state.deliveries, () => true).slice(0, SHOWN);
  return html`<h2>Deliveries</h2>
${state.delivery.paused && html`<p><strong>Delivery is paused.</strong></p>`}
${newest.length === 0 && html`<p class="soft">None.</p>`}
${
  newest.length > 0 &&
  html`<div class="scroll" role="region" aria-label="Deliveries" tabindex="0"><table>
<thead><tr><th>Event</th><th>To</th><th>State</th><th>Attempts</th></tr></thead>
<tbody>${newest.map(
    (delivery) => html`<tr><td>${delivery.type}</td><td>${delivery.url}</td>
<td>${delivery.status}</td><td>${delivery.attempts.length}</td></tr>`,
  )}</tbody></table></div>`
}`;
}
