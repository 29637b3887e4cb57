import { expect } from "chai";
import type { BillingClient } from "../../../src/adapters/client/create_billing_client.ts";
import { loadPart } from "../../../src/adapters/dashboard/client/parts.js";

describe("the parts of the page", () => {
  it("read as many invoices again as are shown, as far as one page goes", async () => {
    const limits: unknown[] = [];
    const call = async (_operation: string, { query }: { query: { limit: number } }) => {
      limits.push(query.limit);
      return { data: [], meta: {} };
    };
    const api = { call } as unknown as BillingClient;
    for (const invoices of [0, 12, 24, 300]) {
      await loadPart("invoices", { api, tenantId: "clacme0001", invoices });
    }
    expect(limits).to.deep.equal([12, 12, 24, 100]);
  });
});
