import type { Billing } from "../application/billing.ts";
import { inTime, LONGEST_WAIT_MS } from "../application/in_time.ts";

/** How long anybody waits for what cannot be answered without the payment provider. Milliseconds. */
const LONGEST_PROVIDER_WAIT_MS = 10_000;

/** A use case that somebody waits for. */
interface UseCase {
  execute(command: never): Promise<unknown>;
}

type UseCaseName = { [K in keyof Billing]: Billing[K] extends UseCase ? K : never }[keyof Billing];

/**
 * The use cases that somebody waits for, with how long that may take. Others run in the background
 * or at an operator's command. `consumeEmailQuota` and `checkReadiness` have limits of their own: not
 * to be answered is an answer there.
 */
export const DEADLINES_MS: Readonly<Partial<Record<UseCaseName, number>>> = {
  addWebhookEndpoint: LONGEST_WAIT_MS,
  changeAlerts: LONGEST_WAIT_MS,
  changeAutoTopUp: LONGEST_WAIT_MS,
  checkLimit: LONGEST_WAIT_MS,
  commitReservation: LONGEST_WAIT_MS,
  listAttention: LONGEST_WAIT_MS,
  listAuditEntries: LONGEST_WAIT_MS,
  listDeliveries: LONGEST_WAIT_MS,
  listEvents: LONGEST_WAIT_MS,
  listPlans: LONGEST_WAIT_MS,
  listTokenPacks: LONGEST_WAIT_MS,
  listWebhookEndpoints: LONGEST_WAIT_MS,
  readAlerts: LONGEST_WAIT_MS,
  readAutoTopUp: LONGEST_WAIT_MS,
  readEmailPeriods: LONGEST_WAIT_MS,
  readEvent: LONGEST_WAIT_MS,
  readSubscription: LONGEST_WAIT_MS,
  readTokenPeriods: LONGEST_WAIT_MS,
  readTokens: LONGEST_WAIT_MS,
  readUsage: LONGEST_WAIT_MS,
  receiveStripeEvent: LONGEST_WAIT_MS,
  releaseEmailQuota: LONGEST_WAIT_MS,
  releaseReservation: LONGEST_WAIT_MS,
  removeWebhookEndpoint: LONGEST_WAIT_MS,
  replayDelivery: LONGEST_WAIT_MS,
  reserveTokens: LONGEST_WAIT_MS,
  resolveAttention: LONGEST_WAIT_MS,
  rotateWebhookSecret: LONGEST_WAIT_MS,
  spendTokens: LONGEST_WAIT_MS,

  endTenant: LONGEST_PROVIDER_WAIT_MS,
  listInvoices: LONGEST_PROVIDER_WAIT_MS,
  openPortal: LONGEST_PROVIDER_WAIT_MS,
  previewCheckout: LONGEST_PROVIDER_WAIT_MS,
  readBillingDetails: LONGEST_PROVIDER_WAIT_MS,
  replayEvent: LONGEST_PROVIDER_WAIT_MS,
  resumeSubscription: LONGEST_PROVIDER_WAIT_MS,
  startCheckout: LONGEST_PROVIDER_WAIT_MS,
  startPackCheckout: LONGEST_PROVIDER_WAIT_MS,
};

/**
 * The same use cases, each of which answers within its deadline or throws a transient `PortError`
 * (P34), whatever hangs beneath and whoever calls: HTTP and hosts get these.
 */
export function withinDeadlines(billing: Billing): Billing {
  const limited = Object.entries(DEADLINES_MS).map(([name, ms]) => {
    const useCase: UseCase = billing[name as UseCaseName];
    return [name, within(useCase, { action: `finish "${name}"`, ms })];
  });
  return { ...billing, ...Object.fromEntries(limited) };
}

function within(useCase: UseCase, limit: { action: string; ms: number }): UseCase {
  const execute = (command: never) => inTime(useCase.execute(command), limit);
  return new Proxy(useCase, {
    get(target, name) {
      if (name === "execute") {
        return execute;
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
