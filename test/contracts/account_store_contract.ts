import { expect } from "chai";
import type { AccountStore } from "../../src/application/ports/subscription/account_store.ts";
import { newAccount } from "../../src/domain/subscription/billing_account.ts";
import { SUBSCRIPTION_STATUSES } from "../../src/domain/subscription/subscription.ts";
import { describeCustomers } from "./account_store_customer_contract.ts";
import {
  type ContractSubject,
  type Current,
  describeContract,
  expectPortError,
  inParallel,
  tally,
} from "./contract_subject.ts";
import {
  at,
  DIFFICULT_TEXT,
  sampleAccount,
  sampleCheckout,
  samplePaidPeriod,
  sampleSubscription,
} from "./samples.ts";

/**
 * Declares the behaviours that every `AccountStore` has.
 *
 * @param name what is tested, as in `SqliteAccountStore in memory`
 */
export function accountStoreContract(
  name: string,
  open: () => Promise<ContractSubject<AccountStore>>,
): void {
  describeContract(`${name} as AccountStore`, open, (current) => {
    describeContent(current);
    describeExtremes(current);
    describeRevisions(current);
    describeRaces(current);
    describeCustomers(current);

    it("every method throws PortError when the database is out of reach", async () => {
      const { unreachable } = current();
      await expectPortError(unreachable.find("t_acme"));
      await expectPortError(unreachable.findByCustomer("cus_acme"));
      await expectPortError(unreachable.save(sampleAccount()));
      await expectPortError(unreachable.save(sampleAccount({ revision: 1 })));
    });
  });
}

function describeContent(current: Current<AccountStore>): void {
  it("find answers undefined for a tenant that was never saved", async () => {
    const { store } = current();
    await store.save(sampleAccount());
    for (const tenantId of ["t_other", "t_acm", "t_acme_", "t%acme", "T_ACME", "constructor", ""]) {
      expect(await store.find(tenantId), tenantId).to.equal(undefined);
    }
  });

  it("save keeps every field exactly", async () => {
    const { store, another } = current();
    const account = sampleAccount();
    expect(await store.save(account)).to.equal("saved");
    expect(await another.find("t_acme")).to.deep.equal({ ...account, revision: 1 });
  });

  it("save keeps an account in which everything is null", async () => {
    const { store } = current();
    await store.save(newAccount("t_acme"));
    expect(await store.find("t_acme")).to.deep.equal({ ...newAccount("t_acme"), revision: 1 });
  });

  it("save keeps nulls and empty lists inside of nested values", async () => {
    const { store } = current();
    const nothing = {
      cancelAt: null,
      trialEnd: null,
      endedAt: null,
      unpaidSince: null,
      unpaidChangeSince: null,
    };
    const account = sampleAccount({
      subscription: sampleSubscription({ planSlug: null, interval: null, ...nothing }),
      paidPeriod: samplePaidPeriod({ charges: [] }),
    });
    await store.save(account);
    expect(await store.find("t_acme")).to.deep.equal({ ...account, revision: 1 });
  });
}

function describeExtremes(current: Current<AccountStore>): void {
  it("save keeps every subscription status", async () => {
    const { store } = current();
    for (const status of SUBSCRIPTION_STATUSES) {
      const subscription = sampleSubscription({ status });
      const tenantId = `t_${status}`;
      await store.save(sampleAccount({ tenantId, customerId: null, subscription }));
      expect((await store.find(tenantId))?.subscription).to.deep.equal(subscription);
    }
  });

  it("save keeps milliseconds, early and late dates, any text and large integers", async () => {
    const { store } = current();
    const account = sampleAccount({
      customerId: DIFFICULT_TEXT,
      subscription: sampleSubscription({
        id: DIFFICULT_TEXT,
        period: { start: new Date(-1), end: new Date("9999-12-31T23:59:59.999Z") },
        cancelAt: new Date(0),
      }),
      checkout: sampleCheckout({
        attempt: Number.MAX_SAFE_INTEGER,
        successUrl: "2026-03-14T15:09:26.535Z",
      }),
    });
    await store.save(account);
    expect(await store.find("t_acme")).to.deep.equal({ ...account, revision: 1 });
    expect(await store.findByCustomer(DIFFICULT_TEXT)).to.deep.include({ tenantId: "t_acme" });
  });

  it("save replaces the whole account, and what became null is gone", async () => {
    const { store } = current();
    await store.save(sampleAccount());
    await store.save({ ...newAccount("t_acme"), revision: 1 });
    expect(await store.find("t_acme")).to.deep.equal({ ...newAccount("t_acme"), revision: 2 });
  });

  it("save keeps the order of hundreds of charges", async () => {
    const { store } = current();
    const charges = Array.from({ length: 500 }, (_, index) => ({
      planSlug: `plan_${index}`,
      period: { start: at(index), end: at(index + 1) },
    }));
    await store.save(sampleAccount({ paidPeriod: samplePaidPeriod({ charges }) }));
    expect((await store.find("t_acme"))?.paidPeriod?.charges).to.deep.equal(charges);
  });

  it("P35 save changes the account of its tenant only", async () => {
    const { store } = current();
    const tenants = ["t_acme", "t_acme1", "tacme", "t_acm"];
    for (const tenantId of tenants) {
      await store.save(newAccount(tenantId));
    }
    await store.save(sampleAccount({ revision: 1 }));
    expect((await store.find("t_acme"))?.revision).to.equal(2);
    for (const tenantId of tenants.slice(1)) {
      expect(await store.find(tenantId)).to.deep.equal({ ...newAccount(tenantId), revision: 1 });
    }
  });
}

function describeRevisions(current: Current<AccountStore>): void {
  it("save counts the revision up by one", async () => {
    const { store } = current();
    for (const revision of [0, 1, 2, 3]) {
      expect(await store.save(sampleAccount({ revision }))).to.equal("saved");
      expect((await store.find("t_acme"))?.revision).to.equal(revision + 1);
    }
  });

  it("reads see every save that was answered before, on any connection", async () => {
    const { store, another } = current();
    for (let revision = 0; revision < 20; revision += 2) {
      await store.save(sampleAccount({ revision }));
      expect((await another.find("t_acme"))?.revision).to.equal(revision + 1);
      await another.save(sampleAccount({ revision: revision + 1 }));
      expect((await store.findByCustomer("cus_acme"))?.revision).to.equal(revision + 2);
    }
  });

  it("P10 save from another revision is a conflict, changes nothing", async () => {
    const { store, another } = current();
    await store.save(sampleAccount());
    await store.save(sampleAccount({ revision: 1 }));
    for (const revision of [0, 1, 3, 1_000]) {
      const late = sampleAccount({ revision, customerId: "cus_late", checkout: null });
      expect(await another.save(late), `revision ${revision}`).to.equal("conflict");
    }
    expect(await store.find("t_acme")).to.deep.equal(sampleAccount({ revision: 2 }));
    expect(await store.findByCustomer("cus_late")).to.equal(undefined);
  });

  it("save from a later revision of an unknown tenant is a conflict, stores nothing", async () => {
    const { store } = current();
    expect(await store.save(sampleAccount({ revision: 1 }))).to.equal("conflict");
    expect(await store.find("t_acme")).to.equal(undefined);
    expect(await store.findByCustomer("cus_acme")).to.equal(undefined);
  });
}

function describeRaces(current: Current<AccountStore>): void {
  for (const revision of [0, 1]) {
    it(`of 50 parallel saves from revision ${revision} exactly one is made`, async () => {
      const { store, another } = current();
      for (let before = 0; before < revision; before += 1) {
        await store.save(sampleAccount({ revision: before }));
      }
      const answers = await inParallel({ store, another }, 50, (connection, attempt) =>
        connection.save(sampleAccount({ revision, checkout: sampleCheckout({ attempt }) })),
      );
      expect(tally(answers)).to.deep.equal({ saved: 1, conflict: 49 });
      const stored = await store.find("t_acme");
      expect(stored?.revision).to.equal(revision + 1);
      expect(stored?.checkout?.attempt).to.equal(answers.indexOf("saved"));
    });
  }

  it("no save is lost when 20 writers read, change and retry", async () => {
    const { store, another } = current();
    await store.save(sampleAccount({ checkout: sampleCheckout({ attempt: 0 }) }));
    await inParallel({ store, another }, 20, async (connection) => {
      for (;;) {
        const account = (await connection.find("t_acme")) ?? newAccount("t_acme");
        const attempt = (account.checkout?.attempt ?? 0) + 1;
        const changed = { ...account, checkout: sampleCheckout({ attempt }) };
        if ((await connection.save(changed)) === "saved") {
          return;
        }
      }
    });
    const stored = await store.find("t_acme");
    expect(stored?.revision).to.equal(21);
    expect(stored?.checkout?.attempt).to.equal(20);
  });
}
