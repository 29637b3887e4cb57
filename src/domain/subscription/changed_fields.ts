import { type FieldChange, fieldChanges } from "../catalog/field_change.ts";
import type { BillingAccount } from "./billing_account.ts";

/** The fields that differ between two states of an account; its revision does not count. */
export function changedFields(
  before: BillingAccount,
  after: BillingAccount,
): readonly FieldChange[] {
  return fieldChanges(stateOf(before), stateOf(after));
}

function stateOf({ customerId, subscription, paidPeriod, checkout }: BillingAccount): object {
  return { customerId, subscription, paidPeriod, checkout };
}
