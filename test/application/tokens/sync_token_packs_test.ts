import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import type { PaymentReversal } from "../../../src/domain/subscription/payment_reversal.ts";
import type { PackPurchase } from "../../../src/domain/tokens/token_pack.ts";
import { BillingFixture, useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";
import { at } from "../../samples/dates.ts";
import { samplePack } from "../../samples/token_pack.ts";

function refund(
  id: string,
  amount: number,
  changes: Partial<PaymentReversal> = {},
): PaymentReversal {
  return { id, kind: "refund", createdAt: at("2026-03-11"), amount, inForce: true, ...changes };
}

function dispute(inForce: boolean): PaymentReversal {
  return { ...refund("dp_1", 500), kind: "dispute", inForce };
}

describe("SyncTokenPacks", () => {
  const fixture = useBilling();
  beforeEach(async () => {
    await fixture.addCustomer();
  });

  async function sync(truth?: readonly PackPurchase[], billing = fixture.billing) {
    fixture.packs.truth = truth ?? fixture.packs.truth;
    await billing.syncTokenPacks.execute({ tenantId: TENANT });
  }
  const last = async () => await fixture.store.ledger.last(TENANT);
  const keys = async () => (await fixture.ledger()).map(({ key }) => key);
  const spend = (key: string, tokens: number) =>
    fixture.billing.spendTokens.execute({ tenantId: TENANT, key, tokens });

  it("P29 credits a paid pack once, under its Checkout's key", async () => {
    await sync([samplePack()]);
    await sync();
    expect(await fixture.ledger()).to.have.length(1);
    expect(await last()).to.deep.include({
      key: "pack:cs_1",
      kind: "pack",
      amount: 1_000,
      packs: 1_000,
      reason: "pack starter",
      source: "checkout:cs_1",
    });
  });

  it("P29 credits nothing before a delayed payment has come", async () => {
    await sync([samplePack({ paid: false })]);
    expect(await last()).to.equal(undefined);
    await sync([samplePack()]);
    expect(await last()).to.deep.include({ packs: 1_000 });
  });

  it("P29 takes back the refunded share, refund by refund, at most all", async () => {
    const looks = [
      [refund("re_1", 125)],
      [refund("re_1", 125), refund("re_2", 125, { createdAt: at("2026-03-12") })],
      [
        refund("re_1", 125),
        refund("re_2", 125, { createdAt: at("2026-03-12") }),
        refund("re_3", 250, { createdAt: at("2026-03-13") }),
      ],
    ];
    const left: unknown[] = [];
    for (const reversals of looks) {
      await sync([samplePack({ reversals })]);
      left.push((await last())?.packs);
    }
    expect(left).to.deep.equal([750, 500, 0]);
    expect(await keys()).to.deep.equal([
      "pack:cs_1",
      "reversal:re_1",
      "reversal:re_2",
      "reversal:re_3",
    ]);
  });

  it("P29 gives back the tokens of a refund that failed", async () => {
    await sync([samplePack({ reversals: [refund("re_1", 500)] })]);
    expect(await last()).to.deep.include({ packs: 0 });
    await sync([samplePack({ reversals: [refund("re_1", 500, { inForce: false })] })]);
    expect(await last()).to.deep.include({ key: "reversal:re_1:2", amount: 1_000, packs: 1_000 });
  });

  it("P29 holds the tokens of a dispute back until it is won", async () => {
    await sync([samplePack()]);
    await sync([samplePack({ reversals: [dispute(true)] })]);
    expect(await last()).to.deep.include({
      amount: -1_000,
      packs: 0,
      reason: "dispute of pack starter",
      source: "dispute:dp_1",
    });
    await sync([samplePack({ reversals: [dispute(false)] })]);
    expect(await last()).to.deep.include({ amount: 1_000, packs: 1_000 });
    await sync();
    expect(await fixture.ledger()).to.have.length(3);
  });

  it("P29 a dispute that is lost changes nothing any more", async () => {
    await sync([samplePack({ reversals: [dispute(true)] })]);
    await sync();
    expect(await fixture.ledger()).to.have.length(2);
  });

  it("P29 nothing moves for a dispute that was won before it was seen", async () => {
    await sync([samplePack({ reversals: [dispute(false)] })]);
    expect(await keys()).to.deep.equal(["pack:cs_1"]);
  });

  it("P27 refunded tokens that were spent become a debt, which the next pack pays", async () => {
    await sync([samplePack()]);
    await spend("call-1", 1_050);
    await sync([samplePack({ reversals: [refund("re_1", 500)] })]);
    expect(await last()).to.deep.include({ monthly: 0, packs: 0, debt: 950 });
    expect((await spend("call-2", 1)).type).to.equal("insufficient_tokens");
    const second = samplePack({ sessionId: "cs_2" });
    await sync([second, samplePack({ reversals: [refund("re_1", 500)] })]);
    expect(await last()).to.deep.include({ key: "pack:cs_2", packs: 50, debt: 0 });
  });

  it("P25 packs and debt survive the month", async () => {
    await sync([samplePack()]);
    await spend("call-1", 1_050);
    await sync([samplePack({ reversals: [refund("re_1", 100)] })]);
    fixture.now = at("2026-04-01");
    await fixture.billing.grantMonthlyTokens.execute({ tenantId: TENANT });
    expect(await last()).to.deep.include({ monthly: 100, packs: 0, debt: 150 });
  });

  it("P29 ends the same in whatever order the looks come", async () => {
    const whole = [
      samplePack({ reversals: [refund("re_1", 100), dispute(false)] }),
      samplePack({ sessionId: "cs_2", reversals: [refund("re_2", 77)] }),
    ];
    const partly = [
      samplePack(),
      samplePack({ reversals: [dispute(true)] }),
      samplePack({ paid: false }),
    ];
    for (const first of partly) {
      const other = await BillingFixture.open();
      await other.addCustomer();
      for (const truth of [[first], whole, [first], whole]) {
        other.packs.truth = truth;
        await other.billing.syncTokenPacks.execute({ tenantId: TENANT });
      }
      expect(await other.store.ledger.last(TENANT)).to.deep.include({ packs: 800 + 846, debt: 0 });
      await other.close();
    }
  });

  it("P29 credits and reverses once in four processes at once", async () => {
    const processes = Array.from({ length: 4 }, () => fixture.process());
    fixture.packs.truth = [
      samplePack({ reversals: [refund("re_1", 100), refund("re_2", 100)] }),
      samplePack({ sessionId: "cs_2" }),
    ];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => sync(undefined, processes[index % 4])),
    );
    expect(await fixture.ledger()).to.have.length(4);
    expect(await last()).to.deep.include({ packs: 1_600 });
  });

  it("P10 a look that was overtaken on its way is evened out", async () => {
    await sync([samplePack()]);
    fixture.packs.truth = [samplePack({ reversals: [dispute(true)] })];
    let overtaken = false;
    fixture.packs.duringLook = async () => {
      if (!overtaken) {
        overtaken = true;
        await sync(undefined, fixture.process());
        await sync([samplePack({ reversals: [dispute(false)] })], fixture.process());
      }
    };
    await sync();
    expect(await last()).to.deep.include({ packs: 1_000, debt: 0 });
  });

  it("looks once where nothing is new, and not at all without a customer", async () => {
    await sync([samplePack()]);
    fixture.packs.looks = 0;
    await sync();
    expect(fixture.packs.looks).to.equal(1);
    await fixture.billing.syncTokenPacks.execute({ tenantId: "other_tenant" });
    expect(fixture.packs.looks).to.equal(1);
  });

  it("P08 gives up, to be tried again, when the truth never stands still", async () => {
    fixture.packs.duringLook = () => {
      fixture.packs.truth = [samplePack({ sessionId: `cs_${fixture.packs.looks + 1}` })];
    };
    const error = await sync([samplePack()]).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(PortError).with.property("transient", true);
  });

  it("P30 leaves a sound ledger", async () => {
    await sync([samplePack({ reversals: [refund("re_1", 100), dispute(true)] })]);
    await sync([samplePack({ reversals: [refund("re_1", 100), dispute(false)] })]);
    expect((await fixture.billing.verifyLedgers.execute({})).damaged).to.deep.equal([]);
  });

  it("P41 names what an ended tenant paid for and never got, until it was given back", async () => {
    await sync([samplePack({ sessionId: "cs_before" })]);
    const wish = { when: "now", refund: false, redact: null } as const;
    await fixture.billing.endTenant.execute({ tenantId: TENANT, ...wish });
    const named = async (...truth: PackPurchase[]) => {
      await sync(truth);
      const { items } = await fixture.billing.listAttention.execute({ limit: 9 });
      return items.map(({ id }) => id);
    };
    const before = samplePack({ sessionId: "cs_before" });
    const after = samplePack({ sessionId: "cs_after" });
    const id = `unexplained_pack:${TENANT}:cs_after`;
    expect(await named(before, { ...after, paid: false })).to.deep.equal([]);
    expect(await named(before, after)).to.deep.equal([id]);
    fixture.payments.kept.set("cs_after", 1);
    expect(await named(before, { ...after, reversals: [refund("re_1", 499)] })).to.deep.equal([id]);
    // A customer that was removed has no purchases any more; what was named stays.
    expect(await named()).to.deep.equal([id]);
    fixture.payments.kept.set("cs_after", 0);
    expect(await named(before, { ...after, reversals: [refund("re_1", 500)] })).to.deep.equal([]);
    expect((await keys()).filter((key) => key.startsWith("pack:"))).to.deep.equal([
      "pack:cs_before",
    ]);
  });
});
