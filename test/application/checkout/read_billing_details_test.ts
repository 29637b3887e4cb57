import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { sampleBillingDetails } from "../../samples/checkout.ts";

const NOTHING = { name: null, email: null, address: null, taxIds: [], paymentMethod: null };

describe("ReadBillingDetails", () => {
  const fixture = useBilling();
  const read = () => fixture.billing.readBillingDetails.execute({ tenantId: TENANT });

  it("answers nothing for a tenant that has no customer, without asking anybody", async () => {
    expect(await read()).to.deep.equal(NOTHING);
    expect(fixture.payments.count("billingDetails")).to.equal(0);
  });

  it("answers what the customer says now, with or without a subscription", async () => {
    await fixture.addCustomer();
    expect(await read()).to.deep.equal(sampleBillingDetails());
    fixture.payments.details = sampleBillingDetails({ name: "Acme SE", taxIds: [] });
    expect(await read()).to.include({ name: "Acme SE" });
    expect(fixture.payments.count("billingDetails")).to.equal(2);
  });

  it("answers nothing for a customer that was deleted", async () => {
    await fixture.addCustomer();
    fixture.payments.customers.set("cus_one", { tenantId: TENANT, deleted: true });
    expect(await read()).to.deep.equal(NOTHING);
  });

  it("P34 passes on that the provider fails", async () => {
    await fixture.addCustomer();
    fixture.payments.failure = new PortError("Cannot read", { transient: true });
    const refused = await read().catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(PortError).with.property("transient", true);
  });
});
