import type { Billing } from "../application/billing.ts";
import { DatabaseClock } from "../application/installation/database_clock.ts";
import {
  hostNotifications,
  type ListenTo,
} from "../application/notifications/host_notifications.ts";
import type { BillingPayments } from "../application/ports/billing_payments.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock } from "../application/ports/clock.ts";
import type { WebhookSender } from "../application/ports/notifications/webhook_sender.ts";
import type { RaiseAlert } from "../application/ports/subscription/raise_alert.ts";
import type { Log } from "../kit/log.ts";
import type { Observe } from "../kit/observe.ts";
import type { Worker } from "../kit/repeat.ts";
import { billingSettings, type EmbeddedSettings } from "./billing_settings.ts";
import { composeBilling } from "./container.ts";
import { startWorkers } from "./start_workers.ts";

const WORKERS_MISSING =
  "Stripe's events arrive, but nothing runs those again that fail, and no month begins by itself: " +
  "call billing.startWorkers({ logger }), or, where another process on this database does, " +
  "createBilling({ workersElsewhere: true })";

const HANDLERS_UNHEARD =
  "A handler was registered with billing.on, but the workers of this process call handlers, and " +
  "workersElsewhere says that it has none: call billing.startWorkers({ logger }) here, too";

const KEYS_MISSING =
  "The token ledgers are not sealed, so whoever can write to the database can forge entries that no " +
  "check finds: set settings.ledgerKeys, or, where that is meant, say ledgerKeys: []";

/** Options of `createBilling`. */
export interface CreateBillingOptions {
  readonly store: BillingStore;
  readonly payments: BillingPayments;
  readonly settings: EmbeddedSettings;
  /**
   * A clock that is trusted. Default: the system's, which is compared with the payment provider's
   * and the database's; no month begins while they are more than 30 s apart.
   */
  readonly clock?: Clock;
  /**
   * Whether another process on this database starts the workers. Default: false, and where nobody
   * does, a process warning says so with the first event that is stored.
   */
  readonly workersElsewhere?: boolean;
  /** Called with what an operator should know at once. */
  readonly raiseAlert?: RaiseAlert;
  /** Sends to webhook endpoints. Default: by https, to public addresses unless settings allow others. */
  readonly webhookSender?: WebhookSender;
  /** Looks at use cases, and at calls of the store and of Stripe. Default: nobody does. */
  readonly observe?: Observe | undefined;
}

/** The use cases and the background work, which can be closed. */
export interface EmbeddedBilling extends Billing {
  /** Has a handler called when something happens; the workers call it. See `ListenTo`. */
  readonly on: ListenTo;
  /**
   * Starts the background work: retries events, begins months, expires reservations, compares
   * tenants with Stripe and removes old events. Every process may do so; at least one of those that
   * share a database must. If the workers are running already, returns them.
   */
  startWorkers(options: { readonly logger: Pick<Log, "info" | "warn" | "error"> }): Worker;
  /** What background work may send to Stripe now, in requests per second; `null`: no limit. */
  backgroundRate(): number | null;
  /** Stops the workers, returns leased e-mails and closes the store. */
  close(): Promise<void>;
}

/**
 * Composes the use cases. Nothing is contacted before the first of them is executed. A host that
 * leaves `ledgerKeys` out hears of it in a process warning.
 *
 * @throws {SettingsError} when a setting cannot be; it lists all that need attention
 */
export function createBilling(options: CreateBillingOptions): EmbeddedBilling {
  const settings = billingSettings(options.settings);
  if (options.settings.ledgerKeys === undefined) {
    process.emitWarning(KEYS_MISSING, { code: "MAILINGCORE_BILLING_LEDGER_KEYS" });
  }
  let workers: Worker | null = null;
  let isTold = options.workersElsewhere ?? false;
  const onEvent = () => {
    if (workers === null && !isTold) {
      isTold = true;
      process.emitWarning(WORKERS_MISSING, { code: "MAILINGCORE_BILLING_WORKERS" });
    }
  };
  const { on: listen, handlers: hostHandlers } = hostNotifications();
  let isUnheard = options.workersElsewhere ?? false;
  const on: ListenTo = (...listener) => {
    if (workers === null && isUnheard) {
      isUnheard = false;
      process.emitWarning(HANDLERS_UNHEARD, { code: "MAILINGCORE_BILLING_HANDLERS" });
    }
    listen(...listener);
  };
  const dependencies = { ...options, ...timeOf(options), settings, onEvent, hostHandlers };
  const { billing, close } = composeBilling(dependencies);
  return {
    ...billing,
    on,
    startWorkers: ({ logger }) => {
      workers ??= startWorkers(billing, settings, logger);
      const { stop } = workers;
      return {
        stop: async () => {
          workers = null;
          await stop();
        },
      };
    },
    backgroundRate: () => options.payments.backgroundRate?.() ?? null,
    close: async () => {
      await workers?.stop();
      await close();
    },
  };
}

/** A clock that was given is trusted; the system's is compared with the others. */
function timeOf({ clock, store, payments }: CreateBillingOptions) {
  return clock === undefined
    ? {
        clock: () => new Date(),
        otherClocks: { stripe: payments.clock, database: new DatabaseClock(store) },
      }
    : { clock };
}
