import type { State } from "../../sandbox/state/state.ts";
import type { WireEvent, WireInvoice } from "../../sandbox/state/wire.ts";

/** How often each thing happened. */
export class Tally {
  readonly #counts = new Map<string, number>();

  count(what: string, times = 1): void {
    this.#counts.set(what, this.of(what) + times);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Adds what another one has counted. */
  add(other: Tally): void {
    for (const [what, times] of other.#counts) {
      this.count(what, times);
    }
  }

  /** What was counted, to be sent elsewhere. */
  entries(): [string, number][] {
    return [...this.#counts];
  }

  /** The tally whose entries these are. */
  static of(entries: readonly (readonly [string, number])[]): Tally {
    const tally = new Tally();
    for (const [what, times] of entries) {
      tally.count(what, times);
    }
    return tally;
  }

  toString(): string {
    const lines = [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return lines.map(([what, times]) => `${times} x ${what}`).join("\n");
  }
}

/** Counts what happened to the tenants, by the events that the provider sent. */
export function countLife({ events }: State, tally: Tally): void {
  const failed = new Set<string>();
  for (const event of events.values()) {
    const what = nameOf(event, failed);
    if (what !== undefined) {
      tally.count(what);
    }
  }
}

function nameOf({ type, data }: WireEvent, failed: Set<string>): string | undefined {
  const { id, mode, status, billing_reason, refunded } = data.object as unknown as Fields;
  switch (type) {
    case "checkout.session.completed":
      return mode === "payment" ? "pack bought" : "checkout paid";
    case "invoice.payment_failed":
      failed.add(id);
      return "payment failed";
    case "invoice.paid":
      if (failed.has(id)) {
        return "failed payment recovered";
      }
      return billing_reason === "subscription_cycle" ? "renewal" : undefined;
    case "charge.refunded":
      return refunded ? "refund of all" : "refund of a part";
    case "charge.dispute.created":
      return status === "warning_needs_response" ? "inquiry" : "dispute";
    case "charge.dispute.closed":
      return `dispute ${status}`;
    case "refund.failed":
    case "customer.deleted":
    case "subscription_schedule.created":
    case "customer.subscription.deleted":
      return type;
    default:
      return undefined;
  }
}

interface Fields {
  readonly id: string;
  readonly mode?: string;
  readonly status?: string;
  readonly billing_reason?: WireInvoice["billing_reason"];
  readonly refunded?: boolean;
}
