import {
  concernsPacks,
  concernsReversals,
  type EventOutcome,
  failedOutcome,
  ignoreReason,
  type RetryPolicy,
} from "../../domain/events/billing_event.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import type { CauseScope } from "../ports/audit/cause_scope.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventInbox, InboxEvent } from "../ports/events/event_inbox.ts";
import type { AccountStore } from "../ports/subscription/account_store.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { TokenPackPayments } from "../ports/tokens/token_pack_payments.ts";
import { linkCustomer, tenantOfCustomer } from "../subscription/tenant_of_customer.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";
import { type ClaimableEvent, type EventClaim, eventLease } from "./event_claim.ts";

/** The outcome of handling an event. */
export type HandleStripeEventOutcome =
  /** Its handling ended; `error` is why it failed, for the log. */
  | { readonly type: "settled"; readonly outcome: EventOutcome; readonly error?: unknown }
  /** It is finished, unknown, or claimed by somebody else. */
  | { readonly type: "not_claimed" };

/** How an event ends; `error` is why it failed. */
type Ended = Omit<Extract<HandleStripeEventOutcome, { type: "settled" }>, "type">;

/** Settings of the event handling. */
export interface HandleStripeEventSettings extends RetryPolicy {
  /** Whether this deployment works with live money. */
  readonly livemode: boolean;
  /** How long an attempt may take before others may take the event over, in seconds. */
  readonly eventLeaseSeconds: number;
}

/**
 * Handles a stored event: finds the tenant and looks at the payment provider again. Reads nothing
 * from the event except whom it concerns, so handling it twice, late or concurrently makes no
 * difference (P04, P05, P09).
 */
export class HandleStripeEvent {
  readonly #inbox: EventInbox;
  readonly #accounts: AccountStore;
  readonly #payments: PaymentGateway;
  readonly #packPayments: TokenPackPayments;
  readonly #synchronizeTenant: SynchronizeTenant;
  readonly #causes: CauseScope;
  readonly #clock: Clock;
  readonly #settings: HandleStripeEventSettings;

  constructor(
    dependencies: {
      inbox: EventInbox;
      accounts: AccountStore;
      payments: PaymentGateway;
      packPayments: TokenPackPayments;
      synchronizeTenant: SynchronizeTenant;
      causes: CauseScope;
      clock: Clock;
    },
    settings: HandleStripeEventSettings,
  ) {
    this.#inbox = dependencies.inbox;
    this.#accounts = dependencies.accounts;
    this.#payments = dependencies.payments;
    this.#packPayments = dependencies.packPayments;
    this.#synchronizeTenant = dependencies.synchronizeTenant;
    this.#causes = dependencies.causes;
    this.#clock = dependencies.clock;
    this.#settings = settings;
  }

  /**
   * Handles the event unless somebody else does. Records a failure with the time of the next
   * attempt (P08) instead of throwing it.
   *
   * @throws {PortError} if the inbox fails; the event becomes due again when its lease expires
   */
  async execute(event: ClaimableEvent): Promise<HandleStripeEventOutcome> {
    const [outcome] = await this.executeAll({ events: [event] });
    return outcome ?? { type: "not_claimed" };
  }

  /**
   * Handles several events as `execute` does, those of the same customer by one look, which begins
   * after this call. Returns their outcomes in the same order.
   *
   * @param command.beforeLook is awaited before a look begins
   * @throws {PortError}
   */
  async executeAll({
    events,
    beforeLook,
  }: {
    events: readonly ClaimableEvent[];
    beforeLook?: () => Promise<void>;
  }): Promise<readonly HandleStripeEventOutcome[]> {
    const claims = await Promise.all(events.map((event) => this.#claim(event)));
    const claimed = claims.flatMap((claim) => (claim === undefined ? [] : [claim.found]));
    const ends = await this.#attemptAll(claimed, beforeLook);
    return await Promise.all(
      claims.map(async (claim): Promise<HandleStripeEventOutcome> => {
        const eventId = claim?.found.event.id ?? "";
        const end = ends.get(eventId);
        const kept = claim && end && (await this.#inbox.settle(eventId, claim.token, end.outcome));
        return end && kept ? { type: "settled", ...end } : { type: "not_claimed" };
      }),
    );
  }

  /** Claims an event unless it is held for us already; `undefined` if others have it in hand. */
  async #claim({ eventId, claim }: ClaimableEvent): Promise<EventClaim | undefined> {
    const now = this.#clock();
    if (claim !== undefined && now < claim.until) {
      return claim;
    }
    const lease = eventLease(now, this.#settings);
    const found = await this.#inbox.claim(eventId, { ...lease, now });
    return found && { ...lease, found };
  }

  /** How each of the events ends, by its id. */
  async #attemptAll(
    claimed: readonly InboxEvent[],
    beforeLook: () => Promise<void> = async () => undefined,
  ): Promise<ReadonlyMap<string, Ended>> {
    const ends = new Map<string, Ended>();
    const byCustomer = new Map<string, InboxEvent[]>();
    for (const found of claimed) {
      const customer = await this.#customerOf(found);
      if (typeof customer === "string") {
        byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), found]);
      } else {
        ends.set(found.event.id, customer);
      }
    }
    for (const [customerId, events] of byCustomer) {
      await beforeLook();
      const end = await this.#attempt(customerId, events);
      for (const found of events) {
        ends.set(found.event.id, end(found));
      }
    }
    return ends;
  }

  /** The customer that an event concerns, or how the event ends without a look. */
  async #customerOf(found: InboxEvent): Promise<string | Ended> {
    const { event, attempts } = found;
    if (attempts > this.#settings.eventMaxAttempts) {
      return { outcome: { state: "dead", reason: "every attempt ended without an answer" } };
    }
    const ignored = ignoreReason(event, this.#settings.livemode);
    if (ignored !== null) {
      return { outcome: { state: "ignored", reason: ignored } };
    }
    try {
      const customer =
        event.customerId ?? (await this.#packPayments.customerOfEvent(event.payload));
      return customer ?? { outcome: { state: "ignored", reason: "it names no customer" } };
    } catch (error) {
      return this.#failed(found, error);
    }
  }

  /** Looks at a customer; returns how each of its events ends. */
  async #attempt(
    customerId: string,
    events: readonly InboxEvent[],
  ): Promise<(found: InboxEvent) => Ended> {
    const { id: eventId = "", type: eventType = "" } = events[0]?.event ?? {};
    const cause = { type: "event", eventId, eventType } as const;
    try {
      const outcome = await this.#causes.run(cause, () => this.#process(customerId, events));
      return () => ({ outcome });
    } catch (error) {
      return (found) => this.#failed(found, error);
    }
  }

  #failed({ attempts }: InboxEvent, error: unknown): Ended {
    const reason = error instanceof Error ? error.message : "unknown error";
    const failure = { attempts, reason, now: this.#clock(), random: Math.random() };
    return { outcome: failedOutcome(failure, this.#settings), error };
  }

  async #process(customerId: string, events: readonly InboxEvent[]): Promise<EventOutcome> {
    const owner = await this.#tenantOf(customerId);
    if (owner === null) {
      return { state: "unmatched", reason: `customer "${customerId}" belongs to no tenant` };
    }
    await this.#synchronizeTenant.execute({
      ...owner,
      packs: events.some(({ event }) => concernsPacks(event)),
      reversals: events.some(({ event }) => concernsReversals(event)),
    });
    return { state: "done" };
  }

  /**
   * Returns the tenant for which a customer was created (P07). Links a customer of ours that was
   * lost here (through a crash or a restored backup) again.
   */
  async #tenantOf(
    customerId: string,
  ): Promise<{ tenantId: string; account?: BillingAccount } | null> {
    const ports = { accounts: this.#accounts, payments: this.#payments };
    const found = await tenantOfCustomer(ports, customerId);
    if (found === null) {
      return null;
    }
    const { tenantId, account } = found;
    if (account !== null) {
      return { tenantId, account };
    }
    const now = this.#clock();
    const isIts = await linkCustomer(this.#accounts, { tenantId, customerId, now });
    return isIts ? { tenantId } : null;
  }
}
