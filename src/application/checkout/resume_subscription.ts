import { type ResumptionStep, resumptionStep } from "../../domain/checkout/resumption.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import { requireNotEnding } from "../ports/tenant_ended_error.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";

/** How often to retry when a look contradicts the answer. */
const MAX_ATTEMPTS = 2;

/** The outcome of resuming. */
export type ResumeSubscriptionOutcome = Exclude<ResumptionStep, { type: "resume" }>;

/**
 * Resumes a paused subscription (P17) and charges its invoice at once; it stays paused until that
 * is paid. Returns what a look finds afterwards. Safe to repeat: concurrently, after a crash and
 * after a lost answer. Each pause has one idempotency key, an open invoice is shown instead of
 * creating another, and a subscription that already runs is only reported.
 */
export class ResumeSubscription {
  readonly #synchronizeTenant: SynchronizeTenant;
  readonly #payments: PaymentGateway;
  readonly #clock: Clock;

  constructor(dependencies: {
    synchronizeTenant: SynchronizeTenant;
    payments: PaymentGateway;
    clock: Clock;
  }) {
    this.#synchronizeTenant = dependencies.synchronizeTenant;
    this.#payments = dependencies.payments;
    this.#clock = dependencies.clock;
  }

  /** @throws {PortError} */
  async execute({ tenantId }: { tenantId: string }): Promise<ResumeSubscriptionOutcome> {
    let failure: unknown;
    for (let attempt = 0; ; attempt += 1) {
      const look = await this.#synchronizeTenant.lookClosely({ tenantId });
      requireNotEnding(look.account);
      const step = resumptionStep(look, this.#clock());
      if (step.type !== "resume") {
        return step;
      }
      if (attempt === MAX_ATTEMPTS) {
        throw failure ?? stillPaused(tenantId);
      }
      failure = await this.#resume(step, attempt);
    }
  }

  /**
   * Resumes at Stripe. Returns the failure if only a look can tell what happened: Stripe refused,
   * or replayed what it stored under the key, so the next attempt gets a new key (P22).
   */
  async #resume(
    { subscriptionId, keepsPeriod, occasion }: Extract<ResumptionStep, { type: "resume" }>,
    attempt: number,
  ): Promise<PortError | undefined> {
    const fresh = attempt === 0 ? "" : `:${crypto.randomUUID()}`;
    try {
      await this.#payments.resumeSubscription(
        { subscriptionId, keepsPeriod },
        `resume:${occasion}${fresh}`,
      );
      return undefined;
    } catch (error) {
      if (error instanceof PortError && (error.keySpent || !error.transient)) {
        return error;
      }
      throw error;
    }
  }
}

function stillPaused(tenantId: string): PortError {
  return new PortError(`Cannot resume the subscription of "${tenantId}": it stays paused`, {
    transient: true,
  });
}
