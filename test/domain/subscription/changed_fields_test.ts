import { expect } from "chai";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";
import { changedFields } from "../../../src/domain/subscription/changed_fields.ts";
import { fullAccount, fullCheckout, fullSubscription } from "../../samples/account.ts";
import { afterNow } from "../../samples/dates.ts";

describe("changedFields", () => {
  const account = fullAccount();

  it("P38 names only what changed, with its values before and after", () => {
    const subscription = fullSubscription({
      status: "active",
      cancelAt: null,
      endedAt: afterNow(9),
    });
    expect(changedFields(account, { ...account, subscription })).to.deep.equal([
      { field: "subscription.cancelAt", before: afterNow(2).toISOString(), after: null },
      {
        field: "subscription.endedAt",
        before: afterNow(4).toISOString(),
        after: afterNow(9).toISOString(),
      },
      { field: "subscription.status", before: "past_due", after: "active" },
    ]);
  });

  it("P38 finds nothing where the same was read again", () => {
    const again = fullAccount({ revision: account.revision + 1 });
    expect(changedFields(account, again)).to.deep.equal([]);
  });

  it("P38 tells every field of a part that came or went", () => {
    const without = { ...account, checkout: null };
    const gone = changedFields(account, without);
    const came = changedFields(without, account);
    expect(gone.map(({ field }) => field)).to.have.members(
      Object.keys(fullCheckout()).map((name) => `checkout.${name}`),
    );
    expect(gone.every(({ after }) => after === null)).to.equal(true);
    expect(came).to.deep.equal(
      gone.map(({ field, before, after }) => ({ field, before: after, after: before })),
    );
  });

  it("P38 begins with an account that had nothing", () => {
    const first = { ...newAccount("clacme0001"), customerId: "cus_acme" };
    expect(changedFields(newAccount("clacme0001"), first)).to.deep.equal([
      { field: "customerId", before: null, after: "cus_acme" },
    ]);
  });
});
