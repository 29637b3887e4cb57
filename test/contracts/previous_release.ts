import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { PriceRegister } from "../../src/adapters/stripe/subscription/price_register.ts";
import { StripeCustomerSnapshots } from "../../src/adapters/stripe/subscription/stripe_customer_snapshots.ts";
import { accountsOf } from "../../src/application/installation/store_content.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { PortError } from "../../src/application/ports/port_error.ts";
import type { CustomerSnapshots } from "../../src/application/ports/subscription/customer_snapshots.ts";
import { composeBilling } from "../../src/composition/container.ts";
import { Secret } from "../../src/kit/secret.ts";
import { SETTINGS } from "../rig/billing_fixture.ts";
import { ScriptedInvoices } from "../rig/scripted_invoices.ts";
import { ScriptedPacks } from "../rig/scripted_packs.ts";
import { ScriptedPayments } from "../rig/scripted_payments.ts";
import { ScriptedPublisher } from "../rig/scripted_publisher.ts";
import { ScriptedRecords } from "../rig/scripted_records.ts";
import { SILENT_CLOCK } from "../rig/silent_clock.ts";
import { expectPortError } from "./contract_subject.ts";
import { PREVIOUS, recordedStripe } from "./previous_email_usage.ts";

interface Expected {
  readonly now: string;
  readonly tenants: readonly {
    readonly tenantId: string;
    readonly planSlug: string;
    readonly effective: string;
    readonly status: string;
    readonly tokens: Readonly<Record<string, number | string>>;
  }[];
}

/** More than there are ledgers. */
const MOST_CUT_OFFS = 20;

const DOWN: CustomerSnapshots = {
  read: () => Promise.reject(new PortError("Cannot read: no answer", { transient: true })),
};

/** Declares that accounts and ledgers of version 0.1.0 keep their meaning. */
export function describePreviousRelease(current: () => BillingStore): void {
  let expected: Expected;

  before(async () => {
    expected = JSON.parse(await readFile(new URL("expected.json", PREVIOUS), "utf8"));
  });

  function billingWith(
    snapshots: CustomerSnapshots,
    ledgerKeys: readonly Secret[] = [],
    store = current(),
  ) {
    const [gateway, packs] = [new ScriptedPayments(), new ScriptedPacks()];
    const payments = {
      gateway,
      snapshots,
      packs,
      invoices: new ScriptedInvoices(),
      publisher: new ScriptedPublisher(),
      verifier: { mayBeGenuine: () => true, verify: async () => undefined },
      clock: SILENT_CLOCK,
      background: () => ({ gateway, snapshots, packs, records: new ScriptedRecords() }),
    };
    const clock = () => new Date(expected.now);
    const settings = { ...SETTINGS, ledgerKeys };
    return composeBilling({ store, payments, clock, settings }).billing;
  }

  /** What is shown of all tenants, in the words of what 0.1.0 said. */
  async function shown(billing: ReturnType<typeof billingWith>) {
    const views = [];
    for (const { tenantId } of expected.tenants) {
      const view = await billing.readSubscription.execute({ tenantId });
      const { monthlyExpiresAt, ...tokens } = view.tokens;
      views.push({
        tenantId,
        planSlug: view.planSlug,
        effective: view.effectivePlanSlug,
        status: view.status,
        tokens: { ...tokens, monthlyExpiresAt: monthlyExpiresAt.toISOString() },
      });
    }
    return views;
  }

  const saidBefore = () =>
    expected.tenants.map(({ tenantId, planSlug, effective, status, tokens }) => ({
      tenantId,
      planSlug,
      effective,
      status,
      tokens,
    }));

  async function ledgers() {
    const all = [];
    for (const { tenantId } of expected.tenants) {
      all.push(await current().ledger.list(tenantId, { limit: 1_000 }));
    }
    return all;
  }

  it("version 0.1.0's ledgers are sound, entry by entry", async () => {
    const report = await billingWith(DOWN).verifyLedgers.execute({});
    expect(report.damaged).to.deep.equal([]);
    expect(report.tenants).to.be.greaterThan(5);
  });

  it("until somebody has looked, all is shown as version 0.1.0 knew it, and nothing changes", async () => {
    const before = await ledgers();
    expect(await shown(billingWith(DOWN))).to.deep.equal(saidBefore());
    expect(await ledgers()).to.deep.equal(before);
  });

  it("the first look brings every tenant under the rule, and grants no running month again", async () => {
    const { stripe } = await recordedStripe();
    const billing = billingWith(new StripeCustomerSnapshots(stripe, new PriceRegister()));
    const before = await ledgers();
    for (const { tenantId } of expected.tenants) {
      await billing.synchronizeTenant.look({ tenantId });
    }
    expect(await shown(billing)).to.deep.equal(saidBefore());
    expect(await ledgers(), "no entry follows").to.deep.equal(before);
    for await (const account of accountsOf(current())) {
      const { tenantId, customerId, standing, knownSince } = account;
      const isKnown = customerId === null || (standing !== null && knownSince !== null);
      expect(isKnown, tenantId).to.equal(true);
    }
  });

  it("tokens of its months are spent, reserved and given back as of any other", async () => {
    const { stripe } = await recordedStripe();
    const billing = billingWith(new StripeCustomerSnapshots(stripe, new PriceRegister()));
    const tenantId = "cl_yearly";
    const left = (await billing.readTokens.execute({ tenantId, limit: 1 })).balance.monthly;
    await billing.spendTokens.execute({ tenantId, key: "after", tokens: 100 });
    await billing.reserveTokens.execute({ tenantId, key: "job", tokens: 50 });
    await billing.releaseReservation.execute({ tenantId, key: "job" });
    expect((await billing.readTokens.execute({ tenantId, limit: 1 })).balance).to.include({
      monthly: left - 100,
      reserved: 0,
    });
    expect((await billing.verifyLedgers.execute({ tenantId })).damaged).to.deep.equal([]);
  });

  /** The store as a process has it that dies after it has sealed so many heads. */
  function cutOffAfter(seals: number): BillingStore {
    const store = current();
    const { ledgerHeads } = store;
    let left = seals;
    const dying = <T extends "move" | "put">(name: T) =>
      (async (...given: Parameters<(typeof ledgerHeads)[T]>) => {
        left -= 1;
        if (left < 0) {
          throw new PortError("Cannot go on: the process is gone", { transient: true });
        }
        return await Reflect.apply(ledgerHeads[name], ledgerHeads, given);
      }) as (typeof ledgerHeads)[T];
    return {
      ...store,
      ledgerHeads: {
        read: ledgerHeads.read.bind(ledgerHeads),
        list: ledgerHeads.list.bind(ledgerHeads),
        move: dying("move"),
        put: dying("put"),
      },
    };
  }

  it("P30 its ledgers are sealed where keys begin, however often that is cut off, and stay sound", async () => {
    const keys = [new Secret(`2026:${"k".repeat(32)}`)];
    const billing = billingWith(DOWN, keys);
    await billing.spendTokens.execute({ tenantId: "cl_yearly", key: "sealed", tokens: 1 });
    const last = await current().ledger.last("cl_yearly");
    expect(last).to.include({ keyId: "2026", key: "debit:sealed" });
    let cutOffs = 0;
    let isCutOff = true;
    while (isCutOff && cutOffs < MOST_CUT_OFFS) {
      const dying = billingWith(DOWN, keys, cutOffAfter(1));
      isCutOff = await dying.verifyLedgers.execute({}).then(() => false, isTransient);
      cutOffs += isCutOff ? 1 : 0;
    }
    expect(cutOffs, "it is cut off after every head").to.be.within(5, MOST_CUT_OFFS - 1);
    const report = await billing.verifyLedgers.execute({});
    expect(report).to.deep.include({ damaged: [], sealed: 0 });
    const again = await billing.verifyLedgers.execute({});
    expect(again).to.deep.equal(report);
    const heads = await current().ledgerHeads.list({ limit: 100 });
    expect(new Set(heads.map(({ keyId }) => keyId))).to.deep.equal(new Set(["2026"]));
  });

  it("P30 without the keys that sealed them, nothing is appended, checked or halted", async () => {
    const billing = billingWith(DOWN);
    const spent = billing.spendTokens.execute({ tenantId: "cl_yearly", key: "plain", tokens: 1 });
    expect((await expectPortError(spent)).message).to.include("set LEDGER_KEYS");
    const checked = await expectPortError(billing.verifyLedgers.execute({}));
    expect(checked.message).to.include('"2026"');
  });
}

function isTransient(error: unknown): boolean {
  return error instanceof PortError && error.transient;
}
