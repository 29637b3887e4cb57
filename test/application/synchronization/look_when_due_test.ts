import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { paidStanding, sampleAccountSubscription } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import {
  sampleInvoice,
  sampleItem,
  sampleLine,
  sampleSubscription,
} from "../../samples/subscription.ts";

const march = monthsFrom("2026-03-10");
const april = monthsFrom("2026-04-10");

describe("LookWhenDue", () => {
  let fixture: BillingFixture;

  beforeEach(async () => {
    fixture = await BillingFixture.open();
    await fixture.addCustomer();
    await fixture.save({
      subscription: sampleAccountSubscription(),
      standing: paidStanding(march),
    });
    fixture.payments.setTruth("cus_one", {
      subscriptions: [sampleSubscription({ items: [sampleItem("pro", { period: april })] })],
      invoices: [
        sampleInvoice({ id: "in_two", lines: [sampleLine("pro", april)] }),
        sampleInvoice(),
      ],
    });
  });
  afterEach(() => fixture.close());

  async function look() {
    return fixture.billing.lookWhenDue.execute((await fixture.account()) ?? expect.fail());
  }

  const looks = () => fixture.payments.count("read");

  it("P37 asks nothing while the period runs", async () => {
    expect([await look(), looks()]).to.deep.equal([false, 0]);
  });

  it("P37 asks once the period is over and no renewal is known, and finds it", async () => {
    fixture.now = at("2026-04-10T01:00:00Z");
    expect([await look(), looks()]).to.deep.equal([true, 1]);
    expect((await fixture.account())?.subscription?.period).to.deep.equal(april);
    expect([await look(), looks()]).to.deep.equal([false, 1]);
  });

  it("P37 asks about a tenant that an older release has left behind, whatever its month", async () => {
    await fixture.save({ standing: null });
    expect([await look(), looks()]).to.deep.equal([true, 1]);
    expect((await fixture.account())?.standing?.lines).to.have.length(2);
  });

  it("P37 asks at most once in ten minutes, whether it was answered or not", async () => {
    fixture.now = at("2026-04-10T01:00:00Z");
    const down = new PortError("Cannot read: no answer", { transient: true });
    fixture.payments.before("read", () => Promise.reject(down));
    expect([await look(), looks()]).to.deep.equal([false, 1]);
    fixture.advance(599_000);
    expect([await look(), looks()]).to.deep.equal([false, 1]);
    fixture.advance(1_000);
    expect([await look(), looks()]).to.deep.equal([true, 2]);
  });

  for (const status of ["canceled", "unpaid", "paused", "incomplete"] as const) {
    it(`P37 expects no renewal of a subscription that is ${status}`, async () => {
      await fixture.save({ standing: paidStanding(march, "pro", { status }) });
      fixture.now = at("2026-06-01");
      expect([await look(), looks()]).to.deep.equal([false, 0]);
    });
  }

  it("P37 does not hide a fault that is no failure of a port", async () => {
    fixture.now = at("2026-04-10T01:00:00Z");
    fixture.payments.before("read", () => Promise.reject(new TypeError("a bug")));
    expect(await look().catch((error: unknown) => error)).to.be.instanceOf(TypeError);
  });

  it("P37 asks about nobody without a customer", async () => {
    await fixture.save({ customerId: null, standing: null });
    expect([await look(), looks()]).to.deep.equal([false, 0]);
  });
});
