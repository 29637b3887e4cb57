import type { Billing } from "../application/billing.ts";
import { DatabaseClock } from "../application/installation/database_clock.ts";
import type { BillingPayments } from "../application/ports/billing_payments.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock } from "../application/ports/clock.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import { billingSettings, type EmbeddedSettings } from "./billing_settings.ts";
import { composeBilling } from "./container.ts";

/** What `createBilling` needs. */
export interface CreateBillingOptions {
  readonly store: BillingStore;
  readonly payments: BillingPayments;
  readonly settings: EmbeddedSettings;
  /**
   * Is believed as it is. Default: the system's, which is compared with the payment provider's and
   * the database's: where they are more than 30 s apart, no months are begun.
   */
  readonly clock?: Clock;
  /** Is told of what an operator should know at once. Default: nobody is. */
  readonly raiseAlert?: RaiseAlert;
}

/** The use cases, and the end of them. */
export interface EmbeddedBilling extends Billing {
  /** Gives back what is reserved, and closes the store. */
  close(): Promise<void>;
}

/**
 * Composes the use cases. Nothing is contacted before the first of them is executed.
 *
 * @throws {SettingsError} when a setting cannot be; it lists all that need attention
 */
export function createBilling(options: CreateBillingOptions): EmbeddedBilling {
  const settings = billingSettings(options.settings);
  const { billing, close } = composeBilling({ ...options, ...timeOf(options), settings });
  return { ...billing, close };
}

/** A clock that is given is believed; the system's is compared with the others that there are. */
function timeOf({ clock, store, payments }: CreateBillingOptions) {
  return clock === undefined
    ? {
        clock: () => new Date(),
        otherClocks: { stripe: payments.clock, database: new DatabaseClock(store) },
      }
    : { clock };
}
