import { type ResumptionStep, resumptionStep } from "../../domain/checkout/resumption.ts";
import type { Clock } from "../ports/clock.ts";
import { PortError } from "../ports/port_error.ts";
import type { PaymentGateway } from "../ports/subscription/payment_gateway.ts";
import type { SynchronizeTenant } from "../synchronization/synchronize_tenant.ts";

/** How often what cannot have come true is tried again. */
const MAX_ATTEMPTS = 2;

/** What became of it. */
export type ResumeSubscriptionOutcome = Exclude<ResumptionStep, { type: "resume" }>;

/**
 * Resumes a paused subscription (P17): its invoice is charged at once, and it stays paused until
 * that is paid. The answer is what a look finds afterwards. Harmless twice, at the same time, after
 * a crash and after a lost answer: one key stands for one pause, an open invoice is led to instead
 * of making another, and what runs already is only told.
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
   * What failed, where a look has to tell what has come of it: Stripe refused it, or repeats what
   * is stored under the key, so that the next attempt gets a key of its own (P22).
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
