import { expect } from "chai";
import type {
  CustomerSnapshot,
  SnapshotInvoice,
  SnapshotSubscription,
} from "../../../src/domain/subscription/customer_snapshot.ts";
import { SUBSCRIPTION_STATUSES } from "../../../src/domain/subscription/subscription.ts";
import { synchronizeAccount } from "../../../src/domain/subscription/synchronize_account.ts";
import { sampleAccount, sampleAccountSubscription } from "../../samples/account.ts";
import { sampleCatalog } from "../../samples/catalog.ts";
import { at, monthsFrom } from "../../samples/dates.ts";
import { sampleInvoice, sampleItem, sampleSubscription } from "../../samples/subscription.ts";

const march = monthsFrom("2026-03-10");
const NOW = at("2026-03-15");

const withCheckout = sampleAccount({
  revision: 7,
  checkout: {
    attempt: 3,
    planSlug: "pro",
    interval: "month",
    priceId: "price_pro_month",
    successUrl: "https://app.example.com/ok",
    cancelUrl: "https://app.example.com/no",
    expiresAt: at("2026-03-11"),
    trialDays: null,
  },
});

/** The account after a look at a customer with one subscription, whose renewal was paid. */
function synchronized(
  changes: Partial<SnapshotSubscription> = {},
  snapshot: Partial<CustomerSnapshot> = {},
  account = sampleAccount(),
) {
  const truth = {
    deleted: false,
    balance: 0,
    subscriptions: [sampleSubscription(changes)],
    invoices: [sampleInvoice()],
    pendingLines: [],
    ...snapshot,
  };
  const settings = { catalog: sampleCatalog(), now: NOW, graceDays: 14, refundDuplicates: true };
  return synchronizeAccount(account, truth, settings);
}

describe("synchronizeAccount", () => {
  it("P09 takes plan, interval, status and dates from the provider's truth", () => {
    const { subscription, standing, knownSince, lookedAt, inForce } = synchronized();
    expect(subscription).to.deep.equal(
      sampleAccountSubscription({
        nextInvoice: { amount: 3_000, currency: "eur", at: march.end },
      }),
    );
    expect(standing?.lines.map(({ basis, period }) => [basis, period])).to.deep.equal([
      ["paid", march],
    ]);
    expect([knownSince, lookedAt, inForce]).to.deep.equal([NOW, NOW, ["sub_one"]]);
  });

  it("P36 asks only for what is not on its way", () => {
    const open = (id: string, changes: object) =>
      sampleInvoice({
        id,
        status: "open",
        billingReason: "subscription_cycle",
        amountRemaining: 3_000,
        ...changes,
      });
    const shown = (invoices: Parameters<typeof synchronized>[1]) => {
      const { subscription } = synchronized({ status: "past_due" }, invoices);
      return [subscription?.payments.map(({ amount }) => amount), subscription?.processing];
    };
    const owed = open("in_owed", {});
    const whole = open("in_debit", { amountProcessing: 3_000 });
    const part = open("in_part", { amountProcessing: 1_000 });
    const other = open("in_other", { amountProcessing: 500, subscriptionId: "sub_other" });
    const eur = (amount: number) => ({ amount, currency: "eur" });
    expect(shown({ invoices: [owed, other] })).to.deep.equal([[3_000], null]);
    expect(shown({ invoices: [whole] })).to.deep.equal([[], eur(3_000)]);
    expect(shown({ invoices: [owed, whole, part] })).to.deep.equal([[3_000, 2_000], eur(4_000)]);
  });

  for (const status of SUBSCRIPTION_STATUSES) {
    it(`P09 reports ${status} as it is`, () => {
      expect(synchronized({ status }).subscription?.status).to.equal(status);
    });
  }

  it("P09, P41 forgets a subscription that the customer does not have, but not that it gave something", () => {
    const after = synchronized({}, { subscriptions: [], invoices: [] }, synchronized());
    const inForce = ["sub_one"];
    expect(after).to.deep.include({ subscription: null, customerId: "cus_one", inForce });
    expect(after.standing).to.deep.include({ subscription: null, lines: [] });
  });

  it("P09 gives the same account again when nothing changed", () => {
    const once = synchronized();
    expect(synchronized({}, {}, once)).to.deep.equal(once);
  });

  it("P09 leaves revision, tenant and the open Checkout alone", () => {
    const { tenantId, revision, checkout } = withCheckout;
    expect(synchronized({}, {}, withCheckout)).to.deep.include({ tenantId, revision, checkout });
  });

  it("P11 takes plan and period from the plan's item, wherever it stands", () => {
    const extra = sampleItem("extra", { period: monthsFrom("2026-01-01"), interval: "year" });
    for (const items of [
      [extra, sampleItem("business")],
      [sampleItem("business"), extra],
    ]) {
      expect(synchronized({ items }).subscription).to.deep.include({
        planSlug: "business",
        interval: "month",
        period: march,
      });
    }
  });

  it("P11 reports a product of no plan as no plan, with its period", () => {
    const { subscription } = synchronized({ items: [sampleItem("mystery")] });
    expect(subscription).to.deep.include({ planSlug: null, period: march });
  });

  it("P11 refuses a subscription without items instead of inventing a period", () => {
    expect(() => synchronized({ items: [] })).to.throw(
      TypeError,
      'Cannot read subscription "sub_one": it has no items',
    );
  });

  it("P13 reports both kinds of pending cancellation as one date, and no invoice after it", () => {
    for (const ending of [{ cancelAtPeriodEnd: true }, { cancelAt: march.end }]) {
      expect(synchronized(ending).subscription).to.deep.include({
        cancelAt: march.end,
        nextInvoice: null,
      });
    }
  });

  it("P44 gives an ended tenant nothing for a subscription that it has all the same", () => {
    const ending = { at: NOW, when: "now", refund: null, redact: null } as const;
    expect(synchronized({}, {}, sampleAccount({ ending })).inForce).to.deep.equal([]);
  });

  it("P16, P22 lets go of a customer that was deleted, and of the Checkout made for it", () => {
    const none = { deleted: true, subscriptions: [], invoices: [] };
    const gone = synchronized({}, none, withCheckout);
    expect(gone).to.deep.equal(
      sampleAccount({
        revision: 7,
        customerId: null,
        knownSince: NOW,
        lookedAt: NOW,
        checkout: null,
      }),
    );
  });

  it("P26 keeps since when a tenant is known", () => {
    const known = sampleAccount({ knownSince: at("2026-01-01") });
    expect(synchronized({}, {}, known).knownSince).to.deep.equal(at("2026-01-01"));
  });

  it("P17 says what has to be paid for each debt, and where", () => {
    const april = monthsFrom("2026-04-10");
    const renewal = sampleInvoice({
      id: "in_two",
      status: "open",
      amountRemaining: 2_500,
      createdAt: april.start,
      lines: sampleInvoice().lines.map((line) => ({ ...line, period: april })),
    });
    const items = [sampleItem("pro", { period: april })];
    const invoices = [renewal, sampleInvoice()];
    expect(
      synchronized({ status: "past_due", items }, { invoices }).subscription?.payments,
    ).to.deep.equal([
      {
        invoiceId: "in_two",
        amount: 2_500,
        currency: "eur",
        dueAt: null,
        invoiceUrl: "https://pay.example/in_one",
      },
    ]);
  });

  it("P19 shows a change that is arranged, and what the next invoice will be then", () => {
    const nextPriceIds = ["price_starter_month"];
    const schedule = { id: "sub_sched_1", changeAt: march.end, nextPriceIds };
    expect(synchronized({ schedule }).subscription).to.deep.include({
      scheduledChange: { planSlug: "starter", interval: "month", effectiveAt: march.end },
      nextInvoice: { amount: 2_000, currency: "eur", at: march.end },
    });
    const same = { ...schedule, nextPriceIds: ["price_pro_month"] };
    expect(synchronized({ schedule: same }).subscription?.scheduledChange).to.equal(null);
  });

  it("estimates the next invoice from the discounts that it gets, and the balance", () => {
    const discount = { once: false, endsAt: null, percentOff: null, amountOff: null };
    const discounts = [
      { ...discount, id: "di_1", percentOff: 20 },
      { ...discount, id: "di_2", amountOff: 400, once: true },
      { ...discount, id: "di_3", amountOff: 700, endsAt: march.end },
    ];
    const { subscription } = synchronized({ discounts }, { balance: -1_500 });
    expect(subscription?.nextInvoice?.amount).to.equal(500);
    for (const balance of [-9_000, -2_951]) {
      expect(synchronized({}, { balance }).subscription?.nextInvoice?.amount).to.equal(0);
    }
  });

  it("P43 estimates the next invoice with the tax that the newest one added", () => {
    const amount = (...invoices: SnapshotInvoice[]) =>
      synchronized({}, { invoices }).subscription?.nextInvoice?.amount;
    const taxed = sampleInvoice({ total: 3_570, taxAdded: 570 });
    expect(amount(taxed), "added to the price").to.equal(3_570);
    expect(amount(sampleInvoice({ total: 1_785, taxAdded: 285 })), "of less").to.equal(3_570);
    const free = sampleInvoice({ id: "in_free", total: 0, createdAt: at("2026-03-12") });
    expect(amount(taxed, free), "an invoice over nothing says nothing").to.equal(3_570);
    const untaxed = sampleInvoice({ id: "in_two", createdAt: at("2026-03-12") });
    expect(amount(taxed, untaxed), "not any more").to.equal(3_000);
    const off = { once: false, endsAt: null, percentOff: 50, amountOff: null, id: "di_1" };
    const halved = synchronized({ discounts: [off] }, { invoices: [taxed], balance: -85 });
    expect(halved.subscription?.nextInvoice?.amount, "after the discount").to.equal(1_700);
  });

  it("expects no invoice where none will be charged", () => {
    for (const status of ["paused", "unpaid", "incomplete"] as const) {
      expect(synchronized({ status }).subscription?.nextInvoice, status).to.equal(null);
    }
    const paused = synchronized({ pauseCollection: "void" }).subscription;
    expect(paused).to.deep.include({ status: "active", nextInvoice: null });
  });

  it("P36 asks for no payment of an invoice that takes none", () => {
    const change = { id: "in_change", order: 1, billingReason: "subscription_update" } as const;
    const owed = (changes: Parameters<typeof sampleInvoice>[0]) => {
      const invoices = [sampleInvoice({ ...change, ...changes }), sampleInvoice()];
      const { standing, subscription } = synchronized({}, { invoices });
      const debts = standing?.debts.map(({ invoiceId }) => invoiceId);
      return [debts, subscription?.payments.map(({ amount }) => amount)];
    };
    expect(owed({ status: "open", amountRemaining: 2_500 })).to.deep.equal([
      ["in_change"],
      [2_500],
    ]);
    expect(owed({ status: "void", amountRemaining: 2_500 })).to.deep.equal([["in_change"], []]);
  });

  it("P18 names a double payment as one to be ended, and does not let it count", () => {
    const first = { billingReason: "subscription_create" };
    const newer = sampleSubscription({ id: "sub_two", createdAt: at("2026-03-11") });
    const invoices = [
      sampleInvoice({ id: "in_two", subscriptionId: "sub_two", order: 1, ...first }),
      sampleInvoice(first),
    ];
    const subscriptions = [sampleSubscription(), newer];
    const { subscription, endedDuplicates } = synchronized({}, { subscriptions, invoices });
    expect(subscription?.id).to.equal("sub_one");
    expect(endedDuplicates).to.deep.equal([{ id: "sub_two", givenBack: [] }]);
  });
});
