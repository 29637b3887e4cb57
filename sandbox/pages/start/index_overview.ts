import type { Account } from "../../account.ts";
import { newestFirst } from "../../api/listing.ts";
import { nextRenewalAt } from "../../engine/time/due.ts";
import { type Html, html } from "../html.ts";
import { customers, events, openCheckouts } from "./index_lists.ts";

/** What the page at `/` says: what this is, its clock, and what has happened so far. */
export function overview(account: Account): Html {
  return html`<div class="stack">
<h1>Stripe sandbox</h1>
<p>This server speaks Stripe's API for development and tests. No card is charged, and nothing
leaves this machine but the webhooks.</p>
</div>
<div class="pairs">
${clock(account)}
${guide(account)}
</div>
${openCheckouts(account)}
${customers(account)}
${events(account)}`;
}

function clock(account: Account): Html {
  const now = new Date(account.nowMs()).toISOString();
  return html`<section class="card">
<h2>Clock</h2>
<p class="clock"><time datetime="${now}">${now.slice(0, 19).replace("T", " ")} UTC</time></p>
<form method="post" action="/clock" class="actions">
<button class="quiet" name="by" value="hour">Advance an hour</button>
<button class="quiet" name="by" value="day">Advance a day</button>
<button class="quiet" name="by" value="month">Advance a month</button>
${
  nextRenewalAt(account.state) !== undefined &&
  html`<button name="by" value="renewal">To the next renewal</button>`
}
</form>
<p class="soft small">Whatever falls due on the way happens, and its events are sent. A renewal is
charged an hour after the period ends, as at Stripe; the clock goes on until it is.</p>
</section>`;
}

function guide({ baseUrl, state }: Account): Html {
  const endpoints = [...newestFirst(state.endpoints, () => true)];
  return html`<section class="card">
<h2>How to use it</h2>
<ol class="steps">
<li>Let your Stripe client call <code>${baseUrl}</code> with any key that begins with
<code>sk_test_</code>.</li>
<li>Open a checkout in your application and pay with one of the test cards.</li>
<li>Move the clock to see renewals, trials that end, and failed payments.</li>
</ol>
<p class="soft small">${
    endpoints.length === 0
      ? "Events are sent nowhere yet; register a webhook endpoint."
      : html`Events go to ${endpoints.map(({ object }) => html`<code>${object.url}</code> `)}`
  }</p>
</section>`;
}
