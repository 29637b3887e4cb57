import type { State } from "../../state/state.ts";
import type { Table } from "../../state/table.ts";
import type { WireSubscription } from "../../state/wire.ts";
import { scheduleMoment } from "../../subscriptions/schedules/schedule_moment.ts";
import { subscriptionMoment } from "../../subscriptions/subscription_moment.ts";
import { expireSession } from "../checkout/checkout.ts";
import { invoiceMoment } from "../invoicing/invoice_moment.ts";
import { settleDelayedPayment } from "../one_time_payment.ts";
import { turnRefund } from "../paying/refunds.ts";
import { settleDebit } from "../paying/settle_debit.ts";
import { currentPeriodEnd, scheduledEnd } from "../subscriptions.ts";
import type { Transaction } from "../transaction.ts";
import { clockOf } from "./clock_of.ts";
import type { DueMoment } from "./due_moment.ts";
import { deleteTestClock } from "./test_clocks.ts";

/** Objects that wait for something. */
export interface DueSource {
  table: Pick<Table<unknown>, "takeTouched" | "touch">;
  /** What the object with this id waits for next; undefined where it waits for nothing. */
  momentOf: (id: string) => DueMoment | undefined;
}

/** Everything that waits for something, in the order in which it happens at one instant. */
export function dueSources(state: State): DueSource[] {
  return [
    waiting(state, state.checkoutSessions, (session) =>
      session.status === "open"
        ? { at: session.expires_at, happen: (tx) => expireSession(tx, session) }
        : undefined,
    ),
    waiting(state, state.delayedPayments, ({ settlesAt }, id) => {
      const session = state.checkoutSessions.get(id);
      return (
        session && { at: settlesAt, happen: (tx: Transaction) => settleDelayedPayment(tx, session) }
      );
    }),
    waiting(state, state.subscriptions, (subscription) => subscriptionMoment(state, subscription)),
    waiting(state, state.schedules, (schedule) => scheduleMoment(state, schedule)),
    waiting(state, state.invoices, (invoice) => invoiceMoment(state, invoice)),
    waiting(state, state.refundTurns, ({ at }, refund) => ({
      at,
      happen: (tx) => turnRefund(tx, refund),
    })),
    waiting(state, state.debits, ({ settlesAt }, intent) => ({
      at: settlesAt,
      happen: (tx) => settleDebit(tx, intent),
    })),
    waiting(state, state.testClocks, (clock) => ({
      at: clock.deletes_after,
      clock: null,
      happen: (tx) => deleteTestClock(tx, clock),
    })),
  ];
}

/** When the next subscription renews, in Unix seconds; undefined where none will. */
export function nextRenewalAt(state: State): number | undefined {
  let next: number | undefined;
  for (const subscription of state.subscriptions.values()) {
    if (
      renews(subscription) &&
      scheduledEnd(subscription) === null &&
      subscription.test_clock === null
    ) {
      next = Math.min(currentPeriodEnd(subscription), next ?? Number.POSITIVE_INFINITY);
    }
  }
  return next;
}

/** Whether a subscription enters further periods by itself. */
function renews({ status }: WireSubscription): boolean {
  return !["canceled", "incomplete", "incomplete_expired", "paused"].includes(status);
}

function waiting<V>(
  state: State,
  table: Table<V>,
  momentOf: (value: V, id: string) => DueMoment | undefined,
): DueSource {
  return {
    table,
    momentOf: (id) => {
      const value = table.get(id);
      const moment = value === undefined ? undefined : momentOf(value, id);
      return moment && { clock: clockOf(state, id)?.id ?? null, ...moment };
    },
  };
}
