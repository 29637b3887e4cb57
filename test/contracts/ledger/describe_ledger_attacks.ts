import { expect } from "chai";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";
import { UnreadableLedgerError } from "../../../src/application/ports/tokens/token_ledger_store.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { BillingFixture, SETTINGS } from "../../rig/billing_fixture.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import {
  ATTACKS_BEFORE_APPENDS,
  LEDGER_ATTACKS,
  type LedgerAttack,
  OTHER,
  VICTIM,
} from "./ledger_attacks.ts";
import { LedgerVandal, type RawDatabase } from "./ledger_vandal.ts";

/** Comes after the victim, and has a changed entry of its own. */
const LATER = "clacme0003";
const KEYS = ["2026", "2025"].map((id) => new Secret(`${id}:${id.repeat(16)}`));

/** A store whose database can be reached past it. */
export interface AttackedStore {
  readonly store: BillingStore;
  readonly raw: RawDatabase;
}

/** What only this kind of database lets somebody do to the victim's entries. */
export type RawAttack = Omit<LedgerAttack, "attack"> & { readonly attack: () => Promise<void> };

/**
 * Declares that whatever is done to a ledger past the service is found at its position, that the
 * tenant is halted and told of, and that every other ledger is checked on (P30).
 */
export function describeLedgerAttacks(
  current: () => AttackedStore,
  rawAttacks: readonly RawAttack[],
): void {
  let fixture: BillingFixture;
  let vandal: LedgerVandal;
  let process: ReturnType<BillingFixture["compose"]>;

  beforeEach(async () => {
    const { store, raw } = current();
    fixture = new BillingFixture();
    await store.catalog.save({ ...sampleCatalog(), revision: 0 });
    process = fixture.compose({ store, settings: { ...SETTINGS, ledgerKeys: KEYS } });
    vandal = new LedgerVandal(store, raw);
    for (const tenantId of [VICTIM, OTHER, LATER]) {
      for (let call = 1; call <= 9; call += 1) {
        await spend(tenantId, `call-${call}`);
      }
    }
    expect(await verify()).to.deep.equal({
      tenants: 3,
      entries: 30,
      sealed: 0,
      damaged: [],
      complete: true,
    });
    await vandal.change(LATER, 3, { amount: -7 });
  });

  afterEach(() => fixture.close());

  const verify = (tenantId?: string) => process.billing.verifyLedgers.execute({ tenantId });
  const spend = (tenantId: string, key: string) =>
    process.billing.spendTokens.execute({ tenantId, key, tokens: 1 });

  async function expectFound({ name, foundAt }: Omit<LedgerAttack, "attack">): Promise<void> {
    const { tenants, damaged } = await verify();
    const [victim, later] = [VICTIM, LATER].map((id) =>
      damaged.find(({ tenantId }) => tenantId === id),
    );
    expect(tenants, "all are checked").to.equal(3);
    expect(victim?.problems[0]?.seq, `${name}: ${JSON.stringify(damaged)}`).to.equal(foundAt);
    expect(victim?.acknowledged).to.equal(false);
    expect(later?.problems[0]?.seq, "every later tenant").to.equal(3);
    expect(damaged, "no others").to.have.length(2);
    for (const tenantId of [VICTIM, LATER]) {
      expect((await spend(tenantId, "more")).type, tenantId).to.equal("spending_halted");
    }
    expect((await spend(OTHER, "more")).type).to.equal("recorded");
    const told = await current().store.attention.list({ limit: 9 });
    expect(told.map((item) => `${item.kind} ${item.tenantId}`)).to.have.members([
      `ledger_damaged ${VICTIM}`,
      `ledger_damaged ${LATER}`,
    ]);
  }

  for (const attack of LEDGER_ATTACKS) {
    it(`P30 finds ${attack.name}, at ${attack.foundAt}`, async () => {
      await attack.attack(vandal);
      await expectFound(attack);
    });
  }

  for (const attack of rawAttacks) {
    it(`P30 finds ${attack.name}, at ${attack.foundAt}`, async () => {
      await attack.attack();
      await expectFound(attack);
    });
  }

  for (const attack of ATTACKS_BEFORE_APPENDS) {
    it(`P30 finds ${attack.name}, though the service has appended since`, async () => {
      await attack.attack(vandal);
      for (const key of ["since-1", "since-2", "since-3", "since-4", "since-5", "since-6"]) {
        await spend(VICTIM, key);
      }
      const { problems } = (await verify(VICTIM)).damaged[0] ?? { problems: [] };
      expect(problems.length, "found").to.be.greaterThan(0);
      expect((await spend(VICTIM, "more")).type).to.equal("spending_halted");
    });
  }

  it("P30 finds entries under an id that no tenant can have, and checks every later tenant", async () => {
    await vandal.change(VICTIM, 5, { tenantId: "aaa\u001b[31m" });
    const { tenants, damaged } = await verify();
    expect(tenants).to.equal(4);
    expect(damaged.map(({ problems }) => problems[0]?.seq)).to.deep.equal([5, 6, 3]);
    expect((await spend(VICTIM, "more")).type).to.equal("spending_halted");
  });

  it("P30 cannot be told to go on while the last entry cannot be read, and can once it is restored", async () => {
    const [attack] = rawAttacks.filter(({ name }) => name.startsWith("a last entry with a kind"));
    const last = await vandal.entry(VICTIM, 10);
    await attack?.attack();
    await verify();
    const operator = { tenantId: VICTIM, reason: "looked at", operator: "Ada" };
    const resumed = process.billing.resumeSpending.execute(operator);
    expect(await resumed.catch((error: unknown) => error)).to.be.instanceOf(UnreadableLedgerError);
    await vandal.remove(VICTIM, 10);
    await vandal.insert(last);
    expect((await verify(VICTIM)).damaged).to.deep.equal([]);
    expect((await spend(VICTIM, "again")).type).to.equal("recorded");
  });

  it("P30 lets a tenant spend again whose tail was removed, once an operator has seen it", async () => {
    await vandal.cut(VICTIM, 8);
    await verify();
    const operator = { tenantId: VICTIM, reason: "accepted", operator: "Ada" };
    expect(await process.billing.resumeSpending.execute(operator)).to.equal(true);
    expect((await spend(VICTIM, "again")).type).to.equal("recorded");
    expect((await verify(VICTIM)).damaged).to.deep.equal([]);
    const told = await current().store.attention.list({ limit: 9, tenantId: VICTIM });
    expect(told).to.deep.equal([]);
  });
}
