import type { SnapshotPaymentMethod } from "../../../domain/subscription/customer_snapshot.ts";
import type { WireObject } from "../wire_object.ts";

/** Maps a payment method to what its owner knows it by. */
export function mapPaymentMethod(method: WireObject | null): SnapshotPaymentMethod | null {
  const type = method?.textOrNull("type") ?? null;
  if (method === null || type === null) {
    return null;
  }
  const details = method.childOrNull(type);
  return {
    brand: details?.textOrNull("brand") ?? type,
    last4: details?.textOrNull("last4") ?? null,
    expMonth: details?.integerOrNull("exp_month") ?? null,
    expYear: details?.integerOrNull("exp_year") ?? null,
  };
}
