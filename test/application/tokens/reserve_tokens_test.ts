import { expect } from "chai";
import type { HeadMove } from "../../../src/domain/tokens/ledger_head.ts";
import type { LedgerEntry } from "../../../src/domain/tokens/token_ledger.ts";
import { useBilling } from "../../rig/billing_fixture.ts";
import { TENANT } from "../../samples/account.ts";

const wish = { tenantId: TENANT, key: "job-1", tokens: 60 };

describe("ReserveTokens", () => {
  const fixture = useBilling();

  const reserve = (changes = {}) => fixture.billing.reserveTokens.execute({ ...wish, ...changes });
  const last = async () => await fixture.store.ledger.last(TENANT);
  const reminders = () =>
    fixture.store.reservations.due({ now: new Date("9999-01-01"), limit: 99, tenantId: TENANT });

  it("P28 sets tokens aside, for ten minutes unless told otherwise", async () => {
    await fixture.billing.adjustTokens.execute({
      tenantId: TENANT,
      tokens: 10,
      reason: "a gift",
      operator: "Ada",
    });
    const outcome = await reserve({ tokens: 105 });
    expect(outcome.type).to.equal("recorded");
    const expiresAt = new Date(fixture.now.getTime() + 600_000);
    expect(await last()).to.deep.include({
      kind: "reserve",
      key: "reserve:job-1",
      amount: -105,
      monthly: 0,
      packs: 5,
      reserved: 105,
      hold: {
        monthly: 100,
        packs: 5,
        grantKey: "grant:free:2026-03-01T00:00:00.000Z",
        expiresAt,
      },
    });
    expect(await reminders()).to.deep.equal([
      { tenantId: TENANT, key: "job-1", expiresAt, seq: 3 },
    ]);
  });

  it("P28 refuses more than there is before anything runs, and remembers nothing", async () => {
    expect((await reserve({ tokens: 101 })).type).to.equal("insufficient_tokens");
    expect(await reminders()).to.deep.equal([]);
    expect(await fixture.ledger()).to.have.length(1);
  });

  it("P28 answers a repetition with the first answer, also when it has ended since", async () => {
    const first = await reserve();
    expect(await reserve()).to.deep.equal(first);
    await fixture.billing.commitReservation.execute({ tenantId: TENANT, key: "job-1", tokens: 60 });
    fixture.advance(1_000);
    expect(await reserve()).to.deep.equal(first);
    expect(await last()).to.deep.include({ kind: "commit", monthly: 40 });
  });

  it("P28 answers that a reservation was released, or has expired, when it is made again", async () => {
    await reserve();
    await fixture.billing.releaseReservation.execute({ tenantId: TENANT, key: "job-1" });
    const again = await reserve();
    expect(again).to.deep.include({ type: "already_settled" });
    expect(again).to.have.nested.property("entry.kind", "release");
    await reserve({ key: "job-2", expiresInSeconds: 1 });
    fixture.advance(1_000);
    await fixture.billing.expireReservations.execute();
    const late = await reserve({ key: "job-2", expiresInSeconds: 1 });
    expect(late).to.have.nested.property("entry.reason", "expired");
    expect(await reminders()).to.deep.equal([]);
    expect(await last()).to.deep.include({ monthly: 100, reserved: 0 });
  });

  it("P28 a repetition leaves the reservation's expiry where it was", async () => {
    await reserve();
    const [first] = await reminders();
    fixture.advance(30_000);
    await reserve();
    expect((await reminders())[0]?.expiresAt).to.deep.equal(first?.expiresAt);
    await reserve({ expiresInSeconds: 86_400 });
    expect((await reminders())[0]?.expiresAt).to.deep.equal(first?.expiresAt);
  });

  it("P28 leaves no reminder where another process took the tokens meanwhile", async () => {
    const { ledger } = fixture.store;
    const slow = new Proxy(ledger, {
      get: (target, name: keyof typeof ledger) =>
        name === "append"
          ? async (entry: LedgerEntry, move: HeadMove) => {
              if (entry.key === "reserve:job-1") {
                await fixture.billing.spendTokens.execute({ ...wish, key: "other", tokens: 90 });
              }
              return await target.append(entry, move);
            }
          : (target[name] as () => unknown).bind(target),
    });
    const racing = fixture.process({ store: { ...fixture.store, ledger: slow } });
    expect((await racing.reserveTokens.execute(wish)).type).to.equal("insufficient_tokens");
    expect(await reminders()).to.deep.equal([]);
  });

  it("P28 refuses a key that stands for another amount, lifetime or reason", async () => {
    await reserve();
    for (const changes of [{ tokens: 61 }, { expiresInSeconds: 599 }, { reason: "other" }]) {
      expect((await reserve(changes)).type).to.equal("key_conflict");
    }
  });

  it("P23 has keys of its own: a debit with the same key is something else", async () => {
    await reserve();
    const spent = await fixture.billing.spendTokens.execute({ ...wish, tokens: 40 });
    expect(spent.type).to.equal("recorded");
    expect(await last()).to.deep.include({ monthly: 0, reserved: 60 });
  });

  for (const expiresInSeconds of [0, -1, 0.5, 86_401, Number.NaN]) {
    it(`P28 refuses a lifetime of ${expiresInSeconds} seconds`, async () => {
      const error = await reserve({ expiresInSeconds }).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(RangeError);
    });
  }

  it("P28 never holds more than there is for 100 parallel reservations", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => reserve({ key: `job-${index}`, tokens: 3 })),
    );
    const made = outcomes.filter(({ type }) => type === "recorded").length;
    expect(made).to.equal(33);
    expect(await last()).to.deep.include({ monthly: 1, reserved: 99 });
  });
});
