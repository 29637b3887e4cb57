import {
  type BillingEvent,
  concernsPacks,
  concernsPaymentOnly,
  type EventOutcome,
  failedOutcome,
  ignoreReason,
  type RetryPolicy,
} from "../../domain/events/billing_event.ts";
import type { CauseScope } from "../ports/audit/cause_scope.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventInbox } from "../ports/events/event_inbox.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { TokenPackPayments } from "../ports/tokens/token_pack_payments.ts";
import type { RefreshEmailQuota } from "../quota/refresh_email_quota.ts";
import type { SyncSubscription } from "../subscription/sync_subscription.ts";
import { linkCustomer, tenantOfCustomer } from "../subscription/tenant_of_customer.ts";
import type { GrantMonthlyTokens } from "../tokens/grant_monthly_tokens.ts";
import type { SyncTokenPacks } from "../tokens/sync_token_packs.ts";

/** What became of an event. */
export type HandleStripeEventOutcome =
  /** Its handling ended; `error` is why it failed, for the log. */
  | { readonly type: "settled"; readonly outcome: EventOutcome; readonly error?: unknown }
  /** It is finished already, unknown, or in other hands. */
  | { readonly type: "not_claimed" };

/** Settings of the event handling. */
export interface HandleStripeEventSettings {
  /** Whether this deployment works with live money. */
  readonly livemode: boolean;
  readonly retry: RetryPolicy;
  /** How long one attempt may take before others may take the event over. Milliseconds. */
  readonly leaseMs: number;
}

/**
 * Handles one stored event: finds the tenant and looks at the payment provider again. Nothing is
 * read from the event itself but whom it is about, so handling it twice, late or beside others
 * makes no difference (P04, P05, P09).
 */
export class HandleStripeEvent {
  readonly #inbox: EventInbox;
  readonly #accounts: AccountStore;
  readonly #payments: PaymentGateway;
  readonly #packPayments: TokenPackPayments;
  readonly #syncTokenPacks: SyncTokenPacks;
  readonly #syncSubscription: SyncSubscription;
  readonly #grantMonthlyTokens: GrantMonthlyTokens;
  readonly #refreshEmailQuota: RefreshEmailQuota;
  readonly #causes: CauseScope;
  readonly #clock: Clock;
  readonly #settings: HandleStripeEventSettings;

  constructor(
    ports: {
      inbox: EventInbox;
      accounts: AccountStore;
      payments: PaymentGateway;
      packPayments: TokenPackPayments;
      syncTokenPacks: SyncTokenPacks;
      syncSubscription: SyncSubscription;
      grantMonthlyTokens: GrantMonthlyTokens;
      refreshEmailQuota: RefreshEmailQuota;
      causes: CauseScope;
      clock: Clock;
    },
    settings: HandleStripeEventSettings,
  ) {
    this.#inbox = ports.inbox;
    this.#accounts = ports.accounts;
    this.#payments = ports.payments;
    this.#packPayments = ports.packPayments;
    this.#syncTokenPacks = ports.syncTokenPacks;
    this.#syncSubscription = ports.syncSubscription;
    this.#grantMonthlyTokens = ports.grantMonthlyTokens;
    this.#refreshEmailQuota = ports.refreshEmailQuota;
    this.#causes = ports.causes;
    this.#clock = ports.clock;
    this.#settings = settings;
  }

  /**
   * Handles the event if nobody else does. A failure is recorded with the time of the next attempt
   * (P08) and not thrown.
   *
   * @throws {PortError} when the inbox fails; the event becomes due again when its lease runs out
   */
  async execute({ eventId }: { eventId: string }): Promise<HandleStripeEventOutcome> {
    const token = crypto.randomUUID();
    const now = this.#clock();
    const until = new Date(now.getTime() + this.#settings.leaseMs);
    const claimed = await this.#inbox.claim(eventId, { token, now, until });
    if (claimed === undefined) {
      return { type: "not_claimed" };
    }
    const settled = await this.#attempt(claimed.event, claimed.attempts);
    const kept = await this.#inbox.settle(eventId, token, settled.outcome);
    return kept ? { type: "settled", ...settled } : { type: "not_claimed" };
  }

  async #attempt(
    event: BillingEvent,
    attempts: number,
  ): Promise<{ outcome: EventOutcome; error?: unknown }> {
    const { retry, livemode } = this.#settings;
    if (attempts > retry.maxAttempts) {
      return { outcome: { state: "dead", reason: "every attempt ended without an answer" } };
    }
    const ignored = ignoreReason(event, livemode);
    if (ignored !== null) {
      return { outcome: { state: "ignored", reason: ignored } };
    }
    try {
      const cause = { type: "event", eventId: event.id, eventType: event.type } as const;
      return { outcome: await this.#causes.run(cause, () => this.#process(event)) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown error";
      const failure = { attempts, reason, now: this.#clock(), random: Math.random() };
      return { outcome: failedOutcome(failure, retry), error };
    }
  }

  async #process(event: BillingEvent): Promise<EventOutcome> {
    const customerId =
      event.customerId ?? (await this.#packPayments.customerOfEvent(event.payload));
    if (customerId === null) {
      return { state: "ignored", reason: "it names no customer" };
    }
    const tenantId = await this.#tenantOf(customerId);
    if (tenantId === null) {
      return { state: "unmatched", reason: `customer "${customerId}" belongs to no tenant` };
    }
    if (concernsPacks(event)) {
      await this.#syncTokenPacks.execute({ tenantId });
    }
    if (concernsPaymentOnly(event)) {
      return { state: "done" };
    }
    await this.#syncSubscription.execute({ tenantId });
    await this.#grantMonthlyTokens.execute({ tenantId });
    await this.#refreshEmailQuota.execute({ tenantId });
    return { state: "done" };
  }

  /**
   * The tenant that a customer was created for (P07). A customer that is ours, but was lost here
   * (a crash, a restored backup), is linked again.
   */
  async #tenantOf(customerId: string): Promise<string | null> {
    const ports = { accounts: this.#accounts, payments: this.#payments };
    const found = await tenantOfCustomer(ports, customerId);
    if (found === null) {
      return null;
    }
    const { tenantId, linked } = found;
    const isIts = linked || (await linkCustomer(this.#accounts, { tenantId, customerId }));
    return isIts ? tenantId : null;
  }
}
