import { expect } from "chai";
import { UntrustedClockError } from "../../../src/application/ports/clock.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { paidStanding, sampleAccountSubscription, TENANT } from "../../samples/account.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { showing } from "../installation/clock_readings.ts";

const march = monthsFrom("2026-03-10");
const wish = { tenantId: TENANT, key: "call-1", tokens: 30, reason: "draft a mail" };

describe("SpendTokens", () => {
  const fixture = useBilling();

  const spend = (changes = {}, billing = fixture.billing) =>
    billing.spendTokens.execute({ ...wish, ...changes });
  const give = (tokens: number) =>
    fixture.billing.adjustTokens.execute({
      tenantId: TENANT,
      tokens,
      reason: "a gift",
      operator: "Ada",
    });
  const last = async () => await fixture.store.ledger.last(TENANT);

  async function payFor(period = march) {
    await fixture.save({
      subscription: sampleAccountSubscription({ period }),
      standing: paidStanding(period),
    });
  }

  it("P26 grants the month on the first spend, then takes from it", async () => {
    const outcome = await spend();
    expect(outcome.type).to.equal("recorded");
    const [grant, debit] = await fixture.ledger();
    expect(grant).to.deep.include({ kind: "grant", amount: 100 });
    expect(debit).to.deep.include({
      kind: "debit",
      key: "debit:call-1",
      amount: -30,
      monthly: 70,
      reason: "draft a mail",
      source: "request:call-1",
    });
  });

  it("P27 takes the monthly tokens first, then packs", async () => {
    await give(50);
    await spend({ tokens: 120 });
    expect(await last()).to.deep.include({ monthly: 0, packs: 30 });
    await spend({ key: "call-2", tokens: 30 });
    expect(await last()).to.deep.include({ monthly: 0, packs: 0 });
  });

  it("P27 refuses what is more than there is, and records nothing", async () => {
    const outcome = await spend({ tokens: 101 });
    expect(outcome).to.deep.equal({
      type: "insufficient_tokens",
      balance: { monthly: 100, packs: 0, debt: 0, reserved: 0 },
    });
    expect(await fixture.ledger()).to.have.length(1);
  });

  it("P25 spends what is left while our clock is wrong, and fails where only a new month helps", async () => {
    const real = fixture.now;
    const wrong = fixture.process({ otherClocks: { stripe: showing(real) } });
    await spend({ tokens: 60 });
    fixture.now = at("2026-04-02");
    expect(await spend({ key: "call-2", tokens: 30 }, wrong)).to.have.property("type", "recorded");
    const error = await spend({ key: "call-3", tokens: 30 }, wrong).catch((one: unknown) => one);
    expect(error).to.be.instanceOf(UntrustedClockError).with.property("transient", true);
    await give(20);
    expect(await spend({ key: "call-3", tokens: 30 }, wrong)).to.have.property("type", "recorded");
    fixture.now = real;
    expect(await spend({ key: "call-4", tokens: 1 }, wrong)).to.have.property(
      "type",
      "insufficient_tokens",
    );
    expect((await fixture.ledger()).map(({ kind }) => kind)).to.not.include("expire");
  });

  it("P25 spends nothing of a month that is over", async () => {
    await payFor();
    await spend({ tokens: 200 });
    await payFor(monthsFrom("2026-04-10"));
    fixture.now = at("2026-04-10");
    await spend({ key: "call-2", tokens: 300 });
    const amounts = (await fixture.ledger()).map(({ amount, expired }) => [amount, expired]);
    expect(amounts).to.deep.equal([
      [300, 0],
      [-200, 0],
      [200, 100],
      [-300, 0],
    ]);
  });

  it("P26 spends of the old month while its renewal is late but access is not lost", async () => {
    await payFor();
    fixture.now = at("2026-04-11");
    expect((await spend()).type).to.equal("recorded");
    expect((await spend({ key: "call-2" })).type).to.equal("recorded");
    expect((await fixture.ledger()).map(({ kind }) => kind)).to.deep.equal([
      "grant",
      "debit",
      "debit",
    ]);
  });

  it("P28 answers a repetition with the first answer, also when nothing is left", async () => {
    const first = await spend({ tokens: 100 });
    expect(await spend({ tokens: 100 })).to.deep.equal(first);
    expect(await fixture.ledger()).to.have.length(2);
  });

  it("P28 refuses a key that stands for another amount or reason", async () => {
    await spend();
    for (const changes of [{ tokens: 31 }, { reason: "other" }, { reason: undefined }]) {
      expect((await spend(changes)).type).to.equal("key_conflict");
    }
    expect((await spend({ tokens: 1_000 })).type).to.equal("key_conflict");
  });

  it("P28 spends once for 50 parallel calls with one key, in two processes", async () => {
    const other = fixture.process();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => spend({}, index % 2 ? other : fixture.billing)),
    );
    expect(outcomes.every(({ type }) => type === "recorded")).to.equal(true);
    expect(await last()).to.deep.include({ seq: 2, monthly: 70 });
  });

  for (const tokens of [0, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1, Infinity]) {
    it(`P27 refuses to count ${tokens} tokens`, async () => {
      const error = await spend({ tokens }).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(RangeError);
      expect(await last()).to.equal(undefined);
    });
  }

  it("P28 uses the tokens of reservations that have expired when it needs them", async () => {
    await fixture.billing.reserveTokens.execute({ ...wish, key: "held", tokens: 90 });
    expect((await spend({ tokens: 50 })).type).to.equal("insufficient_tokens");
    fixture.advance(600_000);
    expect((await spend({ tokens: 50 })).type).to.equal("recorded");
    expect(await last()).to.deep.include({ monthly: 50, reserved: 0 });
  });

  it("P27 can spend what is left beside a debt, and no more", async () => {
    await give(50);
    await spend({ tokens: 150 });
    const entry = await last();
    expect(entry).to.deep.include({ monthly: 0, packs: 0 });
    expect(await spend({ key: "call-2", tokens: 1 })).to.deep.include({
      type: "insufficient_tokens",
    });
  });
});
