import type { CustomerSnapshot } from "../../../domain/subscription/customer_snapshot.ts";

/**
 * Reads all that decides what a customer may use, fresh from the payment provider (P09).
 *
 * The order is part of the contract: **subscriptions first, invoices afterwards**, so that a new
 * price is never seen without the invoice that bills it. The common case is two calls:
 *
 * 1. the customer's subscriptions in every status, with their schedules expanded;
 * 2. the customer's invoices, newest first, a hundred a page, with their embedded lines.
 *
 * Further calls are made only where those two leave something open:
 *
 * - more pages of either list, and the lines of an invoice or the items of a subscription whose
 *   embedded list was cut off;
 * - positions that no invoice has yet, where the plan item's price or period is on no line of an
 *   invoice, or a subscription waits for a payment (`pending_update`);
 * - the customer itself, where no subscription lives, to learn whether it was deleted;
 * - a price that is neither an item's nor known from before: whether it is licensed or metered
 *   never changes, so that each is asked for once in the life of a process.
 *
 * All invoices are read, those of ended subscriptions and of none included: a credit may refer to
 * any of them. What a page boundary moved between two pages is read again. Invoices of the same
 * second get their `order` from their place in the list, which is newest first.
 *
 * Throws `PortError`, transient for rate limits, time-outs and server errors.
 */
export interface CustomerSnapshots {
  /** `deleted` is told, with whatever is still listed; a customer that never was is deleted, too. */
  read(customerId: string): Promise<CustomerSnapshot>;
}
