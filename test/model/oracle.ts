import type { Tables } from "../../sandbox/state/state.ts";
import type { WireSubscription } from "../../sandbox/state/wire.ts";

/*
 * What has to be true of a tenant, computed from the provider's own books by code that shares
 * nothing with the service: no type, no date function, no rule.
 */

/** What is offered, as far as the oracle cares: plans by product. */
export interface OracleCatalog {
  /** Tokens of a pack by its price in minor units. */
  readonly packTokens: Readonly<Record<number, number>>;
  readonly planOfProduct: Readonly<Record<string, string>>;
}

/** What has to be true of a tenant. Times are Unix seconds. */
export interface Expected {
  readonly customer: string | null;
  readonly subscription: {
    readonly id: string;
    readonly status: string;
    readonly plan: string | null;
    readonly period: readonly [number, number];
    readonly cancelAt: number | null;
    readonly endedAt: number | null;
  } | null;
}

const ENDED = ["canceled", "incomplete_expired"];

/** The expected state of a tenant. */
export function expectedState(
  state: Tables<"customers" | "subscriptions">,
  catalog: OracleCatalog,
  tenantId: string,
): Expected {
  // A creation whose answer was lost may leave a second customer, with whom nothing is bought.
  const customers = [...state.customers.values()].filter((c) => c.metadata.tenantId === tenantId);
  const ids = customers.map(({ id }) => id);
  const subscription = theOneThatCounts(
    [...state.subscriptions.values()].filter(
      (found) => found.metadata.tenantId === tenantId && ids.includes(String(found.customer)),
    ),
  );
  if (subscription === undefined) {
    return { customer: ids[0] ?? null, subscription: null };
  }
  const item = subscription.items.data[0];
  const end = subscription.cancel_at;
  return {
    customer: String(subscription.customer),
    subscription: {
      id: subscription.id,
      status: subscription.status,
      plan: catalog.planOfProduct[String(item?.price.product)] ?? null,
      period: [item?.current_period_start ?? 0, item?.current_period_end ?? 0],
      cancelAt: end ?? (subscription.cancel_at_period_end ? (item?.current_period_end ?? 0) : null),
      endedAt: subscription.ended_at,
    },
  };
}

/** The oldest that lives, else the one that ended last. */
function theOneThatCounts(own: readonly WireSubscription[]): WireSubscription | undefined {
  const living = own.filter(({ status }) => !ENDED.includes(status));
  return living.length > 0
    ? living.reduce((a, b) => (b.created < a.created ? b : a))
    : own.reduce<WireSubscription | undefined>(
        (a, b) => (a === undefined || (b.ended_at ?? 0) > (a.ended_at ?? 0) ? b : a),
        undefined,
      );
}
