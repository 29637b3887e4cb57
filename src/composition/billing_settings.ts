import { DEFAULT_EVENT_RETENTION_DAYS } from "../application/ports/events/event_inbox.ts";
import { isLedgerKey } from "../domain/tokens/ledger_keys.ts";
import { Secret } from "../kit/secret.ts";
import { choice, flag, integer, origins, seconds, secrets, url } from "../kit/setting.ts";
import { completeSettings, type SomeOf, type ValuesOf } from "../kit/settings.ts";
import { SettingsError } from "../kit/settings_error.ts";
import { type PreviousSettings, presentSettings } from "./previous_settings.ts";

/** Where the service and its pages are. */
export const ADDRESS_SETTINGS = {
  PUBLIC_URL: url({
    bare: true,
    defaultText: "unset",
    meaning:
      "the service's public https address; `plans sync` and `doctor` manage the webhook endpoint " +
      "`<PUBLIC_URL>/billing/webhook`",
  }),
  DASHBOARD_URL: url({
    defaultText: "the service's own `/dashboard/billing`; required in production",
    meaning: "the address that the Portal returns to",
  }),
  DASHBOARD_SESSION_URL: url({
    defaultText: "unset; in development the service itself",
    meaning:
      'the address at which the Billing page asks for `{"token", "tenantId"}`, by POST with the ' +
      "browser's cookies: part of the dashboard that users sign in to. It answers 204 or 401 where " +
      "nobody is signed in. Without it, nobody is signed in",
  }),
};

/** What decides who may use what. */
export const ACCESS_SETTINGS = {
  GRACE_DAYS: integer({
    default: 14,
    bounds: [0, 365],
    meaning: "how long a tenant keeps access while its renewal is unpaid",
  }),
  REFUND_DUPLICATES: flag({
    default: true,
    meaning:
      "whether a tenant that paid for two subscriptions keeps the older one and gets the newer " +
      "payment back; `false` only reports it",
  }),
  CHARGEBACK_POLICY: choice({
    default: "report",
    values: ["report", "end"],
    meaning:
      "what happens to a subscription when its payment is charged back: `report` reports it to " +
      "operators, `end` also ends it at once",
  }),
  ALLOWED_REDIRECT_ORIGINS: origins({
    defaultText: "none",
    meaning:
      "comma-separated origins, besides the dashboard's, that Checkout and Portal may return to",
  }),
};

/** What Checkout asks and gives for the buyer's books; plans and packs may differ. */
export const PAPERWORK_SETTINGS = {
  STRIPE_AUTOMATIC_TAX: flag({
    default: false,
    meaning:
      "Stripe Tax computes the tax in Checkout, which then asks for the buyer's address; set it up " +
      "at Stripe first. For one plan or pack: `automaticTax` in the plans file",
  }),
  STRIPE_TAX_IDS: flag({
    default: false,
    meaning:
      "Checkout lets businesses give their VAT or tax id, with their name and address. For one plan " +
      "or pack: `taxIds`",
  }),
  PROMOTION_CODES: flag({
    default: false,
    meaning:
      "Checkout takes promotion codes, made at Stripe. For one plan or pack: `promotionCodes`",
  }),
  PACK_INVOICES: flag({
    default: true,
    meaning:
      "token packs get an invoice, which Stripe may charge for; plans always do. For one pack: " +
      "`invoice`",
  }),
};

/** What seals the token ledgers. In code they are texts, too: `ledgerKeys`. */
export const LEDGER_SETTINGS = {
  LEDGER_KEYS: secrets({
    defaultText: "made once, in a file beside `SQLITE_PATH`; required in production",
    meaning:
      "comma-separated `id:secret`, each secret with at least 32 characters: the first seals the " +
      "entries of the token ledgers, all verify. Embedded: `ledgerKeys`, a list of such texts",
    fits: isLedgerKey,
    problem: "must be a comma-separated list of id:secret with at least 32 characters per secret",
  }),
};

/** What decides how stored events are handled. */
export const EVENT_SETTINGS = {
  EVENT_MAX_ATTEMPTS: integer({
    default: 12,
    bounds: [1, 1_000],
    meaning: "attempts at an event before it becomes `dead` and waits for an operator",
  }),
  EVENT_RETRY_BASE_MS: integer({
    default: 1_000,
    bounds: [10, 3_600_000],
    meaning: "wait after the first failure; doubles with each further one, with jitter",
  }),
  EVENT_RETRY_MAX_MS: integer({
    default: 3_600_000,
    bounds: [10, 86_400_000],
    meaning: "the longest such wait",
  }),
  EVENT_LEASE_SECONDS: seconds({
    default: 60,
    bounds: [0.1, 3_600],
    meaning: "how long an attempt may take before another process may take the event over",
  }),
  EVENT_REQUESTS_PER_SECOND: integer({
    default: 50,
    bounds: [1, 10_000],
    meaning:
      "requests per second that a process sends to Stripe because of deliveries, so that a burst of " +
      "them leaves room for users; Stripe allows 100, and 25 with a key for tests",
  }),
  EVENT_FIRST_ATTEMPT_SECONDS: seconds({
    default: 15,
    bounds: [0.1, 3_600],
    meaning: "how long the worker leaves a new event to the delivery that brought it",
  }),
  EVENT_RETENTION_DAYS: integer({
    default: DEFAULT_EVENT_RETENTION_DAYS,
    bounds: [30, 3_650],
    meaning: "how long to keep events that ended well",
  }),
};

/** What decides the work that is done unasked. */
export const WORKER_SETTINGS = {
  WORKER_CONCURRENCY: integer({
    default: 8,
    bounds: [1, 64],
    meaning:
      "number of due events, and of customers whose events were just delivered, that a process " +
      "handles at once",
  }),
  WORKER_INTERVAL_SECONDS: seconds({
    default: 1,
    bounds: [0.1, 60],
    meaning: "pause between two searches for due events",
  }),
  TOKEN_SWEEP_MINUTES: integer({
    default: 10,
    bounds: [1, 1_440],
    meaning: "pause between two sweeps that begin months nobody has noticed",
  }),
  RECONCILE_INTERVAL_MINUTES: integer({
    default: 360,
    bounds: [0, 43_200],
    meaning: "pause between two comparisons of all tenants with Stripe; 0 for only by command",
  }),
};

/** What decides how e-mails are counted. */
export const QUOTA_SETTINGS = {
  QUOTA_WHEN_STORE_FAILS: choice({
    default: "closed",
    values: ["closed", "open"],
    meaning:
      "what happens to sends while the database is down: `closed` refuses them, `open` lets them " +
      "through and counts them later",
  }),
  QUOTA_MAX_AGE_SECONDS: integer({
    default: 600,
    bounds: [1, 86_400],
    meaning: "how long a changed catalogue may take to have an effect",
  }),
  QUOTA_LEASES: flag({
    default: false,
    meaning:
      "whether a process reserves blocks of e-mails, so most sends need no call to the database",
  }),
  QUOTA_LEASE_EMAILS: integer({
    default: 1_000,
    bounds: [1, 100_000],
    meaning: "the most e-mails in a block",
  }),
  QUOTA_LEASE_SECONDS: integer({
    default: 30,
    bounds: [1, 3_600],
    meaning: "how long until others may take back a dead process's block",
  }),
  QUOTA_LEASE_IDLE_SECONDS: seconds({
    default: 5,
    bounds: [0.1, 3_600],
    meaning: "how long a block may be idle before it is given back",
  }),
};

/** What decides where news are sent. */
export const NOTIFICATION_SETTINGS = {
  WEBHOOKS_TO_PRIVATE_ADDRESSES: flag({
    default: false,
    meaning:
      "lets webhook endpoints have http addresses, and hosts of private networks: for development, " +
      "and where nobody but operators of a closed network can add endpoints",
  }),
};

/** What an operator can decide about billing, in the service and where it is embedded. */
export const BILLING_SETTINGS = {
  ...ACCESS_SETTINGS,
  ...PAPERWORK_SETTINGS,
  ...EVENT_SETTINGS,
  ...WORKER_SETTINGS,
  ...QUOTA_SETTINGS,
  ...NOTIFICATION_SETTINGS,
};

/** What only the embedding service or the environment as a whole can tell. */
interface Surroundings {
  /** Whether the payment provider's key moves live money; events of the other mode are ignored. */
  readonly livemode: boolean;
  /** Where the Customer Portal returns to when a request names nothing else. */
  readonly dashboardUrl: string;
  /** Whether Checkout and Portal may return to plain http on loopback hosts. Default: false. */
  readonly allowHttpLoopback?: boolean;
  /**
   * Keys that seal the token ledgers, each `id:secret` with at least 32 characters of secret: the
   * first seals, all verify. Default: none, then anybody who can write to the database can forge
   * entries that no check finds, and a process warning says so; `[]` says that none is meant.
   */
  readonly ledgerKeys?: readonly string[];
}

/** What a service that embeds billing decides; what is left out has its default. */
export type EmbeddedSettings = Surroundings &
  SomeOf<ValuesOf<typeof BILLING_SETTINGS>> &
  PreviousSettings;

/** The settings of the use cases. */
export type BillingSettings = Required<Omit<Surroundings, "ledgerKeys">> &
  Omit<ValuesOf<typeof BILLING_SETTINGS>, "allowedRedirectOrigins"> & {
    readonly allowedRedirectOrigins: readonly string[];
    readonly ledgerKeys: readonly Secret[];
  };

/**
 * The settings with their defaults.
 *
 * @throws {SettingsError} when one of them cannot be
 */
export function billingSettings(embedded: EmbeddedSettings): BillingSettings {
  const { livemode, dashboardUrl, allowHttpLoopback = false, ...rest } = embedded;
  const { duplicatePolicy, events, emailQuota, ledgerKeys: keys = [], ...given } = rest;
  const { values, problems } = completeSettings(BILLING_SETTINGS, {
    ...presentSettings({ duplicatePolicy, events, emailQuota }),
    ...given,
  });
  const address = ADDRESS_SETTINGS.DASHBOARD_URL.problemOf(dashboardUrl);
  const ledgerKeys = keys.map((key) => new Secret(key));
  const keyProblem = LEDGER_SETTINGS.LEDGER_KEYS.problemOf(ledgerKeys);
  const all = [
    ...problems,
    ...(keyProblem === null ? [] : [`ledgerKeys ${keyProblem}`]),
    ...ledgerKeyProblems(ledgerKeys, "ledgerKeys"),
    ...(address === null ? [] : [`dashboardUrl ${address}`]),
    ...retryProblems(values, ["eventRetryBaseMs", "eventRetryMaxMs"]),
  ];
  if (all.length > 0) {
    throw new SettingsError(all);
  }
  const { origin } = new URL(dashboardUrl);
  const allowedRedirectOrigins = [...new Set([origin, ...(values.allowedRedirectOrigins ?? [])])];
  const where = { livemode, dashboardUrl, allowHttpLoopback, allowedRedirectOrigins };
  return { ...values, ...where, ledgerKeys };
}

/** What is wrong with keys beyond their form; `name` is that of the setting. */
export function ledgerKeyProblems(keys: readonly Secret[], name: string): string[] {
  const ids = keys.map((key) => key.reveal().split(":", 1)[0]);
  return new Set(ids).size < ids.length ? [`${name} has two keys with the same id`] : [];
}

/** What is wrong with waits that shrink; `names` are those of the first and the longest wait. */
export function retryProblems(
  { eventRetryBaseMs, eventRetryMaxMs }: ValuesOf<typeof EVENT_SETTINGS>,
  [base, longest]: readonly [string, string],
): string[] {
  return eventRetryMaxMs < eventRetryBaseMs ? [`${longest} must not be less than ${base}`] : [];
}
