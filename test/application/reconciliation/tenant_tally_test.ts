import { expect } from "chai";
import {
  type TenantResult,
  TenantTally,
} from "../../../src/application/reconciliation/tenant_tally.ts";
import { newAccount } from "../../../src/domain/subscription/billing_account.ts";

describe("TenantTally", () => {
  const equal: TenantResult = { tenantId: "t_a", drift: [], failure: null };
  const failed: TenantResult = { tenantId: "t_b", drift: [], failure: "unreadable" };

  it("counts what was looked at and what failed, and hands every result on", () => {
    const seen: TenantResult[] = [];
    const tally = new TenantTally((result) => seen.push(result));
    tally.add(equal, { tenantId: "t_a", reversals: false, confirmed: newAccount("t_a") });
    tally.add(failed, { tenantId: "t_b", reversals: false });
    expect(tally.counts()).to.deep.equal({
      tenants: 2,
      looked: 1,
      drifted: 0,
      drift: {},
      failed: 1,
    });
    expect(seen).to.deep.equal([equal, failed]);
  });

  it("counts failures in a row", () => {
    const tally = new TenantTally(() => undefined);
    const rows = [failed, failed, equal, failed].map((result) => {
      tally.add(result, { tenantId: result.tenantId, reversals: false });
      return tally.failuresInARow;
    });
    expect(rows).to.deep.equal([1, 2, 0, 1]);
  });
});
