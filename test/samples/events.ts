import { expect } from "chai";
import type { EventInbox, InboxEvent } from "../../src/application/ports/events/event_inbox.ts";
import type { BillingEvent, EventOutcome } from "../../src/domain/events/billing_event.ts";
import { afterNow, at, NOW } from "./dates.ts";
import { DIFFICULT_TEXT } from "./text.ts";

/** An event about the tenant's customer. */
export function sampleEvent(changes: Partial<BillingEvent> = {}): BillingEvent {
  return {
    id: "evt_one",
    type: "invoice.paid",
    createdAt: at("2026-03-15"),
    livemode: false,
    connectedAccount: null,
    customerId: "cus_one",
    payload: "{}",
    ...changes,
  };
}

/** An event in which every field has a value. */
export function fullEvent(id: string, changes: Partial<BillingEvent> = {}): BillingEvent {
  return sampleEvent({
    id,
    createdAt: afterNow(-1_000),
    livemode: true,
    connectedAccount: "acct_1",
    customerId: "cus_acme",
    payload: `{"id": "${id}",\n  "object": "event"}`,
    ...changes,
  });
}

/** What an inbox holds of the full event that was received at `NOW` and has not been tried. */
export function waitingEvent(id: string): InboxEvent {
  return {
    event: fullEvent(id),
    state: "received",
    attempts: 0,
    reason: null,
    receivedAt: NOW,
    nextAttemptAt: null,
  };
}

/** How long `lease` lasts, in milliseconds. */
export const LEASE_MS = 30_000;

/** One outcome per state that an event can end in. */
export const OUTCOMES: readonly EventOutcome[] = [
  { state: "done" },
  { state: "ignored", reason: DIFFICULT_TEXT },
  { state: "unmatched", reason: "it names no tenant" },
  { state: "failed", reason: "Stripe answered 500", nextAttemptAt: afterNow(60_001) },
  { state: "dead", reason: "Stripe answered 500, ten times" },
];

/** A claim of `LEASE_MS` from `now` on. */
export function lease(token: string, now: Date = NOW): { token: string; now: Date; until: Date } {
  return { token, now, until: new Date(now.getTime() + LEASE_MS) };
}

/** Receives an event, claims it with the token `first` and settles it. */
export async function handle(store: EventInbox, id: string, outcome: EventOutcome): Promise<void> {
  await store.receive(fullEvent(id), NOW);
  await store.claim(id, lease("first"));
  expect(await store.settle(id, "first", outcome)).to.equal(true);
}
