import { startClockMeasurement } from "../adapters/worker/start_clock_measurement.ts";
import { startEventWorker } from "../adapters/worker/start_event_worker.ts";
import { startNotifications } from "../adapters/worker/start_notifications.ts";
import { startPurge } from "../adapters/worker/start_purge.ts";
import {
  firstReconciliationMs,
  startReconciliation,
} from "../adapters/worker/start_reconciliation.ts";
import { startTokenWorker } from "../adapters/worker/start_token_worker.ts";
import { startTopUps } from "../adapters/worker/start_top_ups.ts";
import type { Billing } from "../application/billing.ts";
import type { HandledEvent } from "../application/events/handle_due_events.ts";
import type { ClockState } from "../application/installation/clock_state.ts";
import type { ReconcileOutcome } from "../application/reconciliation/reconcile.ts";
import type { TenantResult } from "../application/reconciliation/tenant_tally.ts";
import type { Log } from "../kit/log.ts";
import type { Worker } from "../kit/repeat.ts";
import type { BillingSettings } from "./billing_settings.ts";

const CLOCK_INTERVAL_MS = 60_000;
const EVENT_BATCH_SIZE = 50;
const PURGE_INTERVAL_MS = 3_600_000;
const PURGE_BATCH_SIZE = 500;
const EXPIRY_INTERVAL_MS = 5_000;
const TOKEN_BATCH_SIZE = 100;
const NOTIFICATION_BATCH_SIZE = 100;

/** How often background work runs. */
export type WorkerSettings = Pick<
  BillingSettings,
  "workerIntervalSeconds" | "tokenSweepMinutes" | "reconcileIntervalMinutes"
>;

/** Starts all background work. Every replica may do so. */
export function startWorkers(
  billing: Billing,
  settings: WorkerSettings,
  logger: Pick<Log, "info" | "warn" | "error">,
): Worker {
  const worker = startEventWorker({
    handleDueEvents: billing.handleDueEvents,
    intervalMs: 1_000 * settings.workerIntervalSeconds,
    batchSize: EVENT_BATCH_SIZE,
    onHandled: (handled) => logHandled(logger, handled),
    onError: (error) => logger.error({ err: error }, "Cannot read events that are due"),
  });
  const purge = startPurge({
    purgeEvents: billing.purgeEvents,
    purgeDeliveries: billing.purgeDeliveries,
    intervalMs: PURGE_INTERVAL_MS,
    batchSize: PURGE_BATCH_SIZE,
    onError: (error) => logger.error({ err: error }, "Cannot remove old events"),
  });
  const tokens = startTokenWorker({
    expireReservations: billing.expireReservations,
    sweepMonthlyTokens: billing.sweepMonthlyTokens,
    expiryIntervalMs: EXPIRY_INTERVAL_MS,
    sweepIntervalMs: 60_000 * settings.tokenSweepMinutes,
    batchSize: TOKEN_BATCH_SIZE,
    onError: (error) => logger.error({ err: error }, "Cannot keep the token ledgers up to date"),
  });
  const topUps = startTopUps({
    continueTopUps: billing.continueTopUps,
    sweepTopUps: billing.sweepTopUps,
    intervalMs: 1_000 * settings.workerIntervalSeconds,
    sweepIntervalMs: 60_000 * settings.tokenSweepMinutes,
    batchSize: TOKEN_BATCH_SIZE,
    onError: (error) => logger.error({ err: error }, "Cannot complete an automatic top-up"),
  });
  const clock = startClockMeasurement({
    measureClock: billing.measureClock,
    intervalMs: CLOCK_INTERVAL_MS,
    onChange: (state) => logClock(logger, state),
    onError: (error) => logger.error({ err: error }, "Cannot compare the clocks"),
  });
  const notifications = startNotifications({
    deliverNotifications: billing.deliverNotifications,
    tellAllTenants: billing.tellAllTenants,
    intervalMs: 1_000 * settings.workerIntervalSeconds,
    sweepIntervalMs: 60_000 * settings.tokenSweepMinutes,
    batchSize: NOTIFICATION_BATCH_SIZE,
    onDead: (dead) => logger.warn(dead, "Gave up a delivery; it can be replayed"),
    onError: (error) => logger.error({ err: error }, "Cannot deliver notifications"),
  });
  const workers = [
    worker,
    purge,
    tokens,
    topUps,
    clock,
    notifications,
    ...reconciling(billing, settings, logger),
  ];
  return {
    stop: async () => {
      await Promise.all(workers.map((each) => each.stop()));
    },
  };
}

/** The comparison with Stripe, where the settings want one without a command. */
function reconciling(
  { reconcile }: Pick<Billing, "reconcile">,
  { reconcileIntervalMinutes }: WorkerSettings,
  logger: Pick<Log, "info" | "warn" | "error">,
): Worker[] {
  if (reconcileIntervalMinutes === 0) {
    return [];
  }
  const intervalMs = 60_000 * reconcileIntervalMinutes;
  const firstAfterMs = firstReconciliationMs(intervalMs, Math.random());
  return [
    startReconciliation({ reconcile, intervalMs, firstAfterMs, ...reconciliationLog(logger) }),
  ];
}

/** A difference is logged as a warning: a webhook was lost, or somebody changed data by hand. */
function reconciliationLog(logger: Pick<Log, "info" | "warn" | "error">) {
  return {
    onDifference: ({ tenantId, drift, failure }: TenantResult) =>
      logger.warn({ tenantId, drift, failure }, "A tenant differed from Stripe"),
    onDone: (outcome: ReconcileOutcome) => {
      const isAmiss =
        outcome.type !== "reconciled" ||
        outcome.drifted + outcome.failed + outcome.failures.length > 0;
      logger[isAmiss ? "warn" : "info"](outcome, "Compared the tenants with Stripe");
    },
    onError: (error: unknown) => logger.error({ err: error }, "Cannot compare with Stripe"),
  };
}

function logClock(logger: Pick<Log, "info" | "error">, { verdict, skewsMs }: ClockState): void {
  if (verdict === "wrong") {
    logger.error({ skewsMs }, "The clock is wrong: not ready, and no months are begun");
  } else {
    logger.info({ skewsMs }, "The clock is right again");
  }
}

function logHandled(logger: Pick<Log, "info">, { eventId, outcome }: HandledEvent): void {
  if (outcome.type === "settled") {
    const { state } = outcome.outcome;
    logger.info({ eventId, state, err: outcome.error }, "Handled an event that was due");
  }
}
