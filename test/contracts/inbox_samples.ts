import { expect } from "chai";
import type { EventInbox } from "../../src/application/ports/events/event_inbox.ts";
import type { EventOutcome } from "../../src/domain/events/billing_event.ts";
import { at, DIFFICULT_TEXT, NOW, sampleEvent } from "./samples.ts";

/** How long `lease` lasts, in milliseconds. */
export const LEASE_MS = 30_000;

/** One outcome per state that an event can end in. */
export const OUTCOMES: readonly EventOutcome[] = [
  { state: "done" },
  { state: "ignored", reason: DIFFICULT_TEXT },
  { state: "unmatched", reason: "it names no tenant" },
  { state: "failed", reason: "Stripe answered 500", nextAttemptAt: at(60_001) },
  { state: "dead", reason: "Stripe answered 500, ten times" },
];

/** A claim of `LEASE_MS` from `now` on. */
export function lease(token: string, now: Date = NOW): { token: string; now: Date; until: Date } {
  return { token, now, until: new Date(now.getTime() + LEASE_MS) };
}

/** Receives an event, claims it with the token `first` and settles it. */
export async function handle(store: EventInbox, id: string, outcome: EventOutcome): Promise<void> {
  await store.receive(sampleEvent(id), NOW);
  await store.claim(id, lease("first"));
  expect(await store.settle(id, "first", outcome)).to.equal(true);
}
