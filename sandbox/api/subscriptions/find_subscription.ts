import { resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { WireSubscription } from "../../state/wire.ts";

/** The subscription with this id. @throws {RequestError} where there is none */
export function subscriptionById(tx: Transaction, id: string): WireSubscription {
  const subscription = tx.state.subscriptions.get(id);
  if (subscription === undefined) {
    throw resourceMissing("subscription", id);
  }
  return subscription;
}
