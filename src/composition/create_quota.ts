import { isClockTrusted } from "../application/installation/clock_state.ts";
import { DatabaseClock } from "../application/installation/database_clock.ts";
import { MeasureClock } from "../application/installation/measure_clock.ts";
import { Announcements } from "../application/notifications/announcements.ts";
import { NotificationTargets } from "../application/notifications/notification_targets.ts";
import { TellTenant } from "../application/notifications/tell_tenant.ts";
import type { BillingStore } from "../application/ports/billing_store.ts";
import type { Clock, OtherClocks } from "../application/ports/clock.ts";
import { type QuotaSource, RefreshEmailQuota } from "../application/quota/refresh_email_quota.ts";
import { type QuotaUseCases, quotaUseCases } from "../application/quota/use_cases.ts";
import { completeSettings, type SomeOf, type ValuesOf } from "../kit/settings.ts";
import { SettingsError } from "../kit/settings_error.ts";
import { ACCESS_SETTINGS, QUOTA_SETTINGS } from "./billing_settings.ts";
import { usageWithLeases } from "./usage_with_leases.ts";

export type { Allowed, Decide, Decision, Refused } from "../adapters/http/guards/decision.ts";
export {
  checkedLimit,
  type LimitGuardOptions,
  limitDecision,
  limitGuard,
} from "../adapters/http/guards/limit_guard.ts";
export {
  type CountedRequest,
  countedRequest,
  type QuotaDecisionOptions,
  type QuotaGuardOptions,
  quotaDecision,
  quotaGuard,
} from "../adapters/http/guards/quota_guard.ts";

const CLOCK_INTERVAL_MS = 60_000;

/** What is decided about counting, and how long an unpaid renewal keeps its plan. */
const SETTINGS = { GRACE_DAYS: ACCESS_SETTINGS.GRACE_DAYS, ...QUOTA_SETTINGS };

/** Settings of `createQuota`; they have to be those of the service that bills. */
export type QuotaSettings = SomeOf<ValuesOf<typeof SETTINGS>>;

/** What `createQuota` needs. */
export interface CreateQuotaOptions {
  /** The database of the service that bills. */
  readonly store: Pick<
    BillingStore,
    | "accounts"
    | "attention"
    | "audit"
    | "catalog"
    | "deliveries"
    | "emailUsage"
    | "emailLeases"
    | "ledger"
    | "notificationRecords"
    | "topUps"
    | "now"
    | "close"
  >;
  /** Default: each setting's own. */
  readonly settings?: QuotaSettings;
  /** Is believed as it is. Default: the system's, compared with the database's once a minute. */
  readonly clock?: Clock;
}

/** Counting and checking, and the end of it. */
export interface Quota extends Readonly<QuotaUseCases> {
  /** Counts what waits for it, gives back what is reserved, and closes the store. */
  close(): Promise<void>;
}

/**
 * Counts e-mails and checks limits for a service that does nothing else with billing: no payment
 * provider, no keys. What tenants have paid for is read from the database, where the service that
 * bills keeps it up to date; Stripe is not asked.
 *
 * @throws {SettingsError} when a setting cannot be; it lists all that need attention
 */
export function createQuota({ store, clock, settings: given = {} }: CreateQuotaOptions): Quota {
  const { values: settings, problems } = completeSettings(SETTINGS, given);
  if (problems.length > 0) {
    throw new SettingsError(problems);
  }
  const time = clock ?? (() => new Date());
  const others: OtherClocks = clock === undefined ? { database: new DatabaseClock(store) } : {};
  const leased = settings.quotaLeases ? usageWithLeases(store, time, settings) : null;
  const announcements = new Announcements();
  const targets = new NotificationTargets(store);
  const isTrusted = () => isClockTrusted(time, others);
  const tellTenant = new TellTenant(
    { ...store, targets, clock: time, isClockTrusted: isTrusted },
    settings,
  );
  announcements.listen((news) => tellTenant.execute(news));
  const ports = {
    announce: announcements.announce,
    accounts: store.accounts,
    catalog: store.catalog,
    usage: leased?.usage ?? store.emailUsage,
    leases: store.emailLeases,
    clock: time,
    isClockTrusted: isTrusted,
  };
  const refresh = new RefreshEmailQuota(ports, settings);
  const currentEmailQuota = measuredBefore(refresh, time, others);
  const useCases = quotaUseCases({ ...ports, currentEmailQuota }, settings);
  return {
    ...useCases,
    close: async () => {
      await useCases.consumeEmailQuota.settle();
      await announcements.settle();
      await leased?.close();
      await store.close();
    },
  };
}

/** Compares the clocks before a quota is decided, at most once a minute: nothing else does here. */
function measuredBefore(source: QuotaSource, clock: Clock, otherClocks: OtherClocks): QuotaSource {
  const measureClock = new MeasureClock({ clock, otherClocks });
  let measuredMs = Number.NEGATIVE_INFINITY;
  return {
    execute: async (command) => {
      if (performance.now() - measuredMs >= CLOCK_INTERVAL_MS) {
        measuredMs = performance.now();
        await measureClock.execute();
      }
      return await source.execute(command);
    },
  };
}
