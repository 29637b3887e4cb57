import type { CustomerSnapshot } from "../../../domain/subscription/customer_snapshot.ts";

/**
 * Reads everything that decides what a customer may use, fresh from the payment provider (P09).
 *
 * The order is part of the contract: **subscriptions first, then invoices**, so a new price is
 * never seen without the invoice that bills it. Usually this takes two calls:
 *
 * 1. the customer's subscriptions in every status, with their schedules expanded;
 * 2. the customer's invoices, newest first, a hundred per page, with their embedded lines.
 *
 * Further calls follow only if those leave something open:
 *
 * - more pages of either list, and the rest of an embedded list that was cut off (lines of an
 *   invoice, items of a subscription);
 * - lines not yet on an invoice, if the plan item's price or period appears on no invoice line, or
 *   if a subscription waits for a payment (`pending_update`);
 * - the customer, if no subscription is live, to see whether it was deleted;
 * - a price that belongs to no item and is not known yet. Whether a price is licensed or metered
 *   never changes, so a process asks once for each.
 *
 * All invoices are read, including those of ended subscriptions and those without one, because a
 * credit may refer to any of them. If a page boundary moved between two pages, the affected
 * invoices are read again. Invoices created in the same second get their `order` from their place
 * in the list.
 *
 * Throws `PortError`, transient for rate limits, timeouts and server errors.
 */
export interface CustomerSnapshots {
  /**
   * Sets `deleted` for a deleted customer and for one that never existed, beside whatever is still
   * listed.
   */
  read(customerId: string): Promise<CustomerSnapshot>;
}
