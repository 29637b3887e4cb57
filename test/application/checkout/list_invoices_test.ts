import { expect } from "chai";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleInvoiceSummary } from "../../samples/checkout.ts";

describe("ListInvoices", () => {
  const fixture = useBilling();

  it("answers none for a tenant that has no customer", async () => {
    const outcome = await fixture.billing.listInvoices.execute({ tenantId: TENANT, limit: 5 });
    expect(outcome).to.deep.equal({ type: "listed", invoices: [], nextAfter: null });
  });

  it("P35 answers the invoices of the tenant's customer only, page by page", async () => {
    await fixture.addCustomer("cus_one");
    await fixture.addCustomer("cus_two", "t_other");
    const [third, second, first] = ["in_3", "in_2", "in_1"].map((id) => sampleInvoiceSummary(id));
    fixture.invoices.of.set(
      "cus_one",
      [third, second, first].flatMap((each) => each ?? []),
    );
    fixture.invoices.of.set("cus_two", [sampleInvoiceSummary("in_9")]);
    const { listInvoices } = fixture.billing;
    expect(await listInvoices.execute({ tenantId: TENANT, limit: 2 })).to.deep.equal({
      type: "listed",
      invoices: [third, second],
      nextAfter: "in_2",
    });
    const rest = await listInvoices.execute({ tenantId: TENANT, after: "in_2", limit: 2 });
    expect(rest).to.deep.equal({ type: "listed", invoices: [first], nextAfter: null });
    const foreign = await listInvoices.execute({ tenantId: TENANT, after: "in_9", limit: 2 });
    expect(foreign).to.deep.equal({ type: "unknown_cursor" });
  });
});
