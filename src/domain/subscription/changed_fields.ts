import { type FieldChange, fieldChanges } from "../catalog/field_change.ts";
import type { BillingAccount } from "./billing_account.ts";

/** The fields that differ between two states of an account; its revision does not count. */
export function changedFields(
  before: BillingAccount,
  after: BillingAccount,
): readonly FieldChange[] {
  return fieldChanges(stateOf(before), stateOf(after));
}

/** What people ask for: of the settled time the last, of debts and duplicates each by its id. */
function stateOf(account: BillingAccount): object {
  const { customerId, subscription, standing, endedDuplicates, checkout } = account;
  const settled = standing?.lines.at(-1);
  const debts = standing?.debts ?? [];
  return {
    customerId,
    subscription: subscription && { ...subscription, payments: null },
    settled: settled && {
      basis: settled.basis,
      planSlug: settled.planSlug,
      period: settled.period,
    },
    owed: byId(debts.map(({ invoiceId, ...debt }) => [invoiceId, debt])),
    endedDuplicates: byId(
      endedDuplicates.map(({ id, givenBack }) => [
        id,
        {
          ended: true,
          givenBack: byId(givenBack.map(({ invoiceId, amount }) => [invoiceId, amount])),
        },
      ]),
    ),
    checkout,
  };
}

function byId(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}
