import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { MARCH, paidStanding } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";
import { AFTER_MARCH, APRIL, renewUnheard, useSubscriber } from "./unheard_renewal.ts";

describe("LookWhenDue", () => {
  const fixture = useSubscriber();
  beforeEach(() => renewUnheard(fixture));

  async function look() {
    return fixture.billing.lookWhenDue.execute((await fixture.account()) ?? expect.fail());
  }

  const looks = () => fixture.payments.count("read");

  it("P37 asks nothing while the period runs", async () => {
    expect([await look(), looks()]).to.deep.equal([false, 0]);
  });

  it("P37 asks once the period is over and no renewal is known, and finds it", async () => {
    fixture.now = AFTER_MARCH;
    expect([await look(), looks()]).to.deep.equal([true, 1]);
    expect((await fixture.account())?.subscription?.period).to.deep.equal(APRIL);
    expect([await look(), looks()]).to.deep.equal([false, 1]);
  });

  it("P37 asks about a tenant that an older release has left behind, whatever its month", async () => {
    await fixture.save({ standing: null });
    expect([await look(), looks()]).to.deep.equal([true, 1]);
    expect((await fixture.account())?.standing?.lines).to.have.length(2);
  });

  it("P37 asks at most once in ten minutes, whether it was answered or not", async () => {
    fixture.now = AFTER_MARCH;
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
      await fixture.save({ standing: paidStanding(MARCH, "pro", { status }) });
      fixture.now = at("2026-06-01");
      expect([await look(), looks()]).to.deep.equal([false, 0]);
    });
  }

  it("P37 does not hide a fault that is no failure of a port", async () => {
    fixture.now = AFTER_MARCH;
    fixture.payments.before("read", () => Promise.reject(new TypeError("a bug")));
    expect(await look().catch((error: unknown) => error)).to.be.instanceOf(TypeError);
  });

  it("P37 asks about nobody without a customer", async () => {
    await fixture.save({ customerId: null, standing: null });
    expect([await look(), looks()]).to.deep.equal([false, 0]);
  });
});
