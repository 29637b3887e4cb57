import { expect } from "chai";
import type { AccountStore } from "../../src/application/ports/subscription/account_store.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import { SUBSCRIPTION_STATUSES } from "../../src/domain/subscription/subscription.ts";
import { fullAccount, fullCheckout, fullStanding, fullSubscription } from "../samples/account.ts";
import { afterNow } from "../samples/dates.ts";
import { DIFFICULT_TEXT } from "../samples/text.ts";
import { describeCustomers } from "./account_store_customer_contract.ts";
import { type Current, contract, inParallel, it, outOfReach, tally } from "./contract_subject.ts";

/** The behaviours that every `AccountStore` has. */
export const accountStoreContract = contract<AccountStore>(
  "as AccountStore",
  describeContent,
  describeExtremes,
  describeRevisions,
  describeRaces,
  describeCustomers,
  outOfReach((unreachable) => [
    unreachable.find("clacme0001"),
    unreachable.findByCustomer("cus_acme"),
    unreachable.save(fullAccount()),
    unreachable.save(fullAccount({ revision: 1 })),
  ]),
);

function describeContent(current: Current<AccountStore>): void {
  it("find answers undefined for a tenant that was never saved", async () => {
    const { store } = current();
    await store.save(fullAccount());
    for (const tenantId of [
      "t_other",
      "clacme000",
      "clacme0001_",
      "cl%cme0001",
      "CLACME0001",
      "constructor",
    ]) {
      expect(await store.find(tenantId), tenantId).to.equal(undefined);
    }
  });

  it("save keeps every field exactly", async () => {
    const { store, another } = current();
    const account = fullAccount();
    expect(await store.save(account)).to.equal("saved");
    expect(await another.find("clacme0001")).to.deep.equal({ ...account, revision: 1 });
  });

  it("save keeps an account in which everything is null", async () => {
    const { store } = current();
    await store.save(newAccount("clacme0001"));
    expect(await store.find("clacme0001")).to.deep.equal({
      ...newAccount("clacme0001"),
      revision: 1,
    });
  });

  it("save keeps nulls and empty lists inside of nested values", async () => {
    const { store } = current();
    const nothing = {
      cancelAt: null,
      trialEnd: null,
      endedAt: null,
      scheduledChange: null,
      payments: [],
      nextInvoice: null,
      paymentMethod: null,
    };
    const { subscription } = fullStanding();
    const account = fullAccount({
      subscription: fullSubscription({ planSlug: null, interval: null, ...nothing }),
      standing: fullStanding({
        subscription: subscription && { ...subscription, endedAt: null, item: null },
        debts: [],
        lines: [],
        creditedUnpaid: [],
      }),
      knownSince: null,
      lookedAt: null,
      inForce: [],
      endedDuplicates: [],
    });
    await store.save(account);
    expect(await store.find("clacme0001")).to.deep.equal({ ...account, revision: 1 });
  });
}

function describeExtremes(current: Current<AccountStore>): void {
  it("save keeps every subscription status", async () => {
    const { store } = current();
    for (const status of SUBSCRIPTION_STATUSES) {
      const subscription = fullSubscription({ status });
      const tenantId = `t_${status}`;
      await store.save(fullAccount({ tenantId, customerId: null, subscription }));
      expect((await store.find(tenantId))?.subscription).to.deep.equal(subscription);
    }
  });

  it("save keeps milliseconds, early and late dates, any text and large integers", async () => {
    const { store } = current();
    const account = fullAccount({
      customerId: DIFFICULT_TEXT,
      subscription: fullSubscription({
        id: DIFFICULT_TEXT,
        period: { start: new Date(-1), end: new Date("9999-12-31T23:59:59.999Z") },
        cancelAt: new Date(0),
      }),
      checkout: fullCheckout({
        attempt: Number.MAX_SAFE_INTEGER,
        successUrl: "2026-03-14T15:09:26.535Z",
      }),
    });
    await store.save(account);
    expect(await store.find("clacme0001")).to.deep.equal({ ...account, revision: 1 });
    expect(await store.findByCustomer(DIFFICULT_TEXT)).to.deep.include({ tenantId: "clacme0001" });
  });

  it("save replaces the whole account, and what became null is gone", async () => {
    const { store } = current();
    await store.save(fullAccount());
    await store.save({ ...newAccount("clacme0001"), revision: 1 });
    expect(await store.find("clacme0001")).to.deep.equal({
      ...newAccount("clacme0001"),
      revision: 2,
    });
  });

  it("save keeps the order of hundreds of settled lines", async () => {
    const { store } = current();
    const lines = Array.from({ length: 500 }, (_, index) => ({
      ...({
        basis: "paid",
        lentUntil: null,
        opens: true,
        creditedFrom: null,
        trial: false,
      } as const),
      planSlug: `plan_${index}`,
      period: { start: afterNow(index), end: afterNow(index + 1) },
      settledAt: afterNow(index),
    }));
    await store.save(fullAccount({ standing: fullStanding({ lines }) }));
    expect((await store.find("clacme0001"))?.standing?.lines).to.deep.equal(lines);
  });

  it("P35 save changes the account of its tenant only", async () => {
    const { store } = current();
    const tenants = ["clacme0001", "clacme00011", "clacme001", "clacme000"];
    for (const tenantId of tenants) {
      await store.save(newAccount(tenantId));
    }
    await store.save(fullAccount({ revision: 1 }));
    expect((await store.find("clacme0001"))?.revision).to.equal(2);
    for (const tenantId of tenants.slice(1)) {
      expect(await store.find(tenantId)).to.deep.equal({ ...newAccount(tenantId), revision: 1 });
    }
  });
}

function describeRevisions(current: Current<AccountStore>): void {
  it("save counts the revision up by one", async () => {
    const { store } = current();
    for (const revision of [0, 1, 2, 3]) {
      expect(await store.save(fullAccount({ revision }))).to.equal("saved");
      expect((await store.find("clacme0001"))?.revision).to.equal(revision + 1);
    }
  });

  it("reads see every save that was answered before, on any connection", async () => {
    const { store, another } = current();
    for (let revision = 0; revision < 20; revision += 2) {
      await store.save(fullAccount({ revision }));
      expect((await another.find("clacme0001"))?.revision).to.equal(revision + 1);
      await another.save(fullAccount({ revision: revision + 1 }));
      expect((await store.findByCustomer("cus_acme"))?.revision).to.equal(revision + 2);
    }
  });

  it("P10 save from another revision is a conflict, changes nothing", async () => {
    const { store, another } = current();
    await store.save(fullAccount());
    await store.save(fullAccount({ revision: 1 }));
    for (const revision of [0, 1, 3, 1_000]) {
      const late = fullAccount({ revision, customerId: "cus_late", checkout: null });
      expect(await another.save(late), `revision ${revision}`).to.equal("conflict");
    }
    expect(await store.find("clacme0001")).to.deep.equal(fullAccount({ revision: 2 }));
    expect(await store.findByCustomer("cus_late")).to.equal(undefined);
  });

  it("save from a later revision of an unknown tenant is a conflict, stores nothing", async () => {
    const { store } = current();
    expect(await store.save(fullAccount({ revision: 1 }))).to.equal("conflict");
    expect(await store.find("clacme0001")).to.equal(undefined);
    expect(await store.findByCustomer("cus_acme")).to.equal(undefined);
  });
}

function describeRaces(current: Current<AccountStore>): void {
  for (const revision of [0, 1]) {
    it(`of 50 parallel saves from revision ${revision} exactly one is made`, async () => {
      const { store, another } = current();
      for (let before = 0; before < revision; before += 1) {
        await store.save(fullAccount({ revision: before }));
      }
      const answers = await inParallel({ store, another }, 50, (connection, attempt) =>
        connection.save(fullAccount({ revision, checkout: fullCheckout({ attempt }) })),
      );
      expect(tally(answers)).to.deep.equal({ saved: 1, conflict: 49 });
      const stored = await store.find("clacme0001");
      expect(stored?.revision).to.equal(revision + 1);
      expect(stored?.checkout?.attempt).to.equal(answers.indexOf("saved"));
    });
  }

  it("no save is lost when 20 writers read, change and retry", async () => {
    const { store, another } = current();
    await store.save(fullAccount({ checkout: fullCheckout({ attempt: 0 }) }));
    await inParallel({ store, another }, 20, async (connection) => {
      for (;;) {
        const account = (await connection.find("clacme0001")) ?? newAccount("clacme0001");
        const attempt = (account.checkout?.attempt ?? 0) + 1;
        const changed = { ...account, checkout: fullCheckout({ attempt }) };
        if ((await connection.save(changed)) === "saved") {
          return;
        }
      }
    });
    const stored = await store.find("clacme0001");
    expect(stored?.revision).to.equal(21);
    expect(stored?.checkout?.attempt).to.equal(20);
  });
}
