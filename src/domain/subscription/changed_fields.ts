import { type FieldChange, fieldChanges } from "../catalog/field_change.ts";
import { sameValue } from "../same_value.ts";
import type { BillingAccount } from "./billing_account.ts";

/** Lists the fields in which two states of an account differ, apart from the revision. */
export function changedFields(
  before: BillingAccount,
  after: BillingAccount,
): readonly FieldChange[] {
  const [old, fresh] = [stateOf(before), stateOf(after)];
  return sameValue(old, fresh) ? [] : fieldChanges(old, fresh);
}

/**
 * Reduces the account to what people ask about: the last settled time, and debts and duplicates by
 * id.
 */
function stateOf(account: BillingAccount): object {
  const { customerId, subscription, standing, endedDuplicates, checkout, ending } = account;
  const settled = standing?.lines.at(-1);
  const debts = standing?.debts ?? [];
  return {
    customerId,
    subscription: subscription && { ...subscription, payments: null, processing: null },
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
    ending,
  };
}

function byId(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}
