import { expect } from "chai";
import { ProvideCustomer } from "../../../src/application/checkout/provide_customer.ts";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

const LOST = new PortError("Cannot create: status 500", { transient: true, keySpent: true });

describe("ProvideCustomer", () => {
  const fixture = useBilling();

  function provide(): Promise<string> {
    const { store, payments } = fixture;
    return new ProvideCustomer({
      accounts: store.accounts,
      payments,
      clock: () => fixture.now,
    }).execute({
      tenantId: TENANT,
    });
  }

  it("P16 makes one customer for 20 calls at once, and keeps it", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, provide));
    expect(new Set(ids)).to.deep.equal(new Set(["cus_1"]));
    expect(fixture.payments.customers.size).to.equal(1);
    expect((await fixture.account())?.customerId).to.equal("cus_1");
  });

  it("P16 finds the customer of an account that was lost, as with a restored backup", async () => {
    fixture.payments.customers.set("cus_before", { tenantId: TENANT, deleted: false });
    expect(await provide()).to.equal("cus_before");
    expect(fixture.payments.count("createCustomer")).to.equal(0);
  });

  it("P16 does not use a deleted customer again", async () => {
    fixture.payments.customers.set("cus_before", { tenantId: TENANT, deleted: true });
    expect(await provide()).to.equal("cus_2");
  });

  it("P22 uses what a call left whose failure is kept under its key", async () => {
    fixture.payments.before("createCustomer", () => {
      fixture.payments.customers.set("cus_left", { tenantId: TENANT, deleted: false });
      throw LOST;
    });
    expect(await provide()).to.equal("cus_left");
    expect(fixture.payments.customers.size).to.equal(1);
  });

  it("P22 retires the key when such a call left nothing", async () => {
    fixture.payments.before("createCustomer", () => Promise.reject(LOST));
    expect(await provide().catch((error: unknown) => error)).to.equal(LOST);
    expect(await provide()).to.equal("cus_1");
    expect(new Set(fixture.payments.keys).size).to.equal(2);
  });

  for (const [what, transient] of [
    ["a failure that nobody has heard of", true],
    ["other parameters of an earlier release", false],
  ] as const) {
    it(`P22 is no failure again where the key stands for ${what}`, async () => {
      const kept = new PortError("Cannot create: as before", { transient, replayed: true });
      fixture.payments.before("createCustomer", () => Promise.reject(kept));
      expect(await provide()).to.equal("cus_1");
      expect(new Set(fixture.payments.keys).size).to.equal(2);
    });
  }
});
