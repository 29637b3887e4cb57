import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { TENANT } from "../../samples/account.ts";
import { AFTER_MARCH, APRIL, renewUnheard, useSubscriber } from "./unheard_renewal.ts";

describe("LookWhenDue", () => {
  const fixture = useSubscriber();
  beforeEach(() => {
    renewUnheard(fixture);
    fixture.now = AFTER_MARCH;
  });

  const look = () => fixture.billing.lookWhenDue.execute({ tenantId: TENANT });
  const looks = () => fixture.payments.count("read");

  it("P37 finds what no webhook told of", async () => {
    await look();
    const { subscription, lookedAt } = (await fixture.account()) ?? expect.fail();
    expect([subscription?.period, lookedAt]).to.deep.equal([APRIL, AFTER_MARCH]);
  });

  it("P37 asks at most once in ten minutes, whether it was answered or not", async () => {
    const down = new PortError("Cannot read: no answer", { transient: true });
    fixture.payments.before("read", () => Promise.reject(down));
    await look();
    fixture.advance(599_000);
    await look();
    expect(looks()).to.equal(1);
    fixture.advance(1_000);
    await look();
    await look();
    expect(looks()).to.equal(2);
  });

  it("P37 does not hide a fault that is no failure of a port", async () => {
    fixture.payments.before("read", () => Promise.reject(new TypeError("a bug")));
    expect(await look().catch((error: unknown) => error)).to.be.instanceOf(TypeError);
  });
});
