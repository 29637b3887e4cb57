import { expect } from "chai";
import { FOREIGN_TENANT, TENANT, token } from "./samples.ts";
import { adminHeaders, startTestService, type TestService } from "./test_service.ts";

const DEBITS = "/billing/tokens/debits";
const RESERVATIONS = "/billing/tokens/reservations";

/** The headers of a service that may spend tokens, unless it is told otherwise. */
function serviceHeaders(claims = {}, tenantId = TENANT) {
  const bearer = token({ scope: "billing:tokens", tenants: "*", ...claims });
  return { Authorization: `Bearer ${bearer}`, "X-Tenant-Id": tenantId };
}

describe("AI tokens over HTTP", () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startTestService();
    const { store } = service;
    const catalog = (await store.catalog.read()) ?? expect.fail("no catalogue");
    const plans = catalog.plans.map((plan) =>
      plan.slug === "free" ? { ...plan, tokensIncludedMonth: 100 } : plan,
    );
    const pack = { slug: "growth", name: "Growth", active: true, tokens: 50_000, amount: 2_000 };
    const ids = { currency: "eur", productId: "prod_growth", priceId: "price_growth" };
    await store.catalog.save({ ...catalog, plans, packs: [{ ...pack, ...ids }] });
  });
  afterEach(() => service.close());

  const post = (path: string, body: unknown, headers = serviceHeaders()) =>
    service.send(path, { method: "POST", body, headers });
  const debit = (changes = {}) => post(DEBITS, { key: "call-1", amount: 30, ...changes });
  const reserve = (changes = {}) => post(RESERVATIONS, { key: "job-1", amount: 60, ...changes });
  const balance = (monthly: number, reserved = 0) => ({
    monthly,
    packs: 0,
    debt: 0,
    reserved,
    available: monthly,
  });

  describe("POST /billing/tokens/debits", () => {
    it("spends, and answers with the balance", async () => {
      const { status, body } = await debit({ reason: "draft" });
      expect(status).to.equal(200);
      expect(body).to.deep.equal({ key: "call-1", amount: 30, balance: balance(70) });
    });

    it("P28 answers a repetition with the first answer", async () => {
      const first = await debit();
      await debit({ key: "call-2" });
      expect((await debit()).body).to.deep.equal(first.body);
    });

    it("P28 answers 409 for a key that stands for another debit, and names it", async () => {
      await debit({ reason: "draft" });
      for (const changes of [{ amount: 31, reason: "draft" }, { reason: "other" }, {}]) {
        const { status, body } = await debit(changes);
        expect([status, body.code]).to.deep.equal([409, "key_conflict"]);
        expect(body.message).to.equal('This key stands for 30 tokens for "draft": use another one');
        expect(body).to.have.nested.property("details[0].field", "key");
      }
    });

    it("P27 answers 402 with the balance when there are not enough", async () => {
      const { status, body } = await debit({ amount: 101 });
      expect([status, body.code]).to.deep.equal([402, "insufficient_tokens"]);
      expect(body.balance).to.deep.equal(balance(100));
    });

    const bad: [string, object, string][] = [
      ["zero", { amount: 0 }, "amount"],
      ["a negative amount", { amount: -5 }, "amount"],
      ["a fraction", { amount: 1.5 }, "amount"],
      ["an amount that is not exact", { amount: 2 ** 53 }, "amount"],
      ["an amount as text", { amount: "5" }, "amount"],
      ["a condition for a key", { key: { $ne: null } }, "key"],
      ["an empty key", { key: "" }, "key"],
      ["a very long key", { key: "k".repeat(201) }, "key"],
      ["another tenant", { tenantId: FOREIGN_TENANT }, "tenantId"],
      ["a balance of the caller's", { balance: 1 }, "balance"],
    ];
    for (const [what, changes, field] of bad) {
      it(`refuses ${what}`, async () => {
        const { status, body } = await debit(changes);
        expect(status).to.equal(400);
        expect(body).to.have.nested.property("details[0].field", field);
        expect(await service.store.ledger.last(TENANT)).to.equal(undefined);
      });
    }

    it("P30 answers 409 while spending is halted", async () => {
      const { ledger } = service.store;
      await debit();
      const last = (await ledger.last(TENANT)) ?? expect.fail("no entry");
      await ledger.append({ ...last, seq: last.seq + 1, key: "halt", halted: true });
      const { status, body } = await debit({ key: "call-2" });
      expect([status, body.code]).to.deep.equal([409, "spending_halted"]);
    });
  });

  describe("POST /billing/tokens/reservations", () => {
    it("P28 reserves, commits and answers what was used", async () => {
      const reserved = await reserve({ expiresInSeconds: 60 });
      expect(reserved.body).to.deep.equal({
        key: "job-1",
        amount: 60,
        expiresAt: "2026-06-30T12:01:00.000Z",
        balance: balance(40, 60),
      });
      const committed = await post(`${RESERVATIONS}/job-1/commit`, { amount: 45 });
      expect(committed.status).to.equal(200);
      expect(committed.body).to.deep.equal({
        key: "job-1",
        used: 45,
        returned: 15,
        expired: 0,
        balance: balance(55),
      });
      const again = await post(`${RESERVATIONS}/job-1/commit`, { amount: 45 });
      expect(again.body).to.deep.equal(committed.body);
    });

    it("P28 releases without a body", async () => {
      await reserve();
      const { status, body } = await post(`${RESERVATIONS}/job-1/release`, undefined);
      expect(status).to.equal(200);
      expect(body).to.deep.include({ used: 0, returned: 60, balance: balance(100) });
    });

    it("P28 takes keys that need escapes in a path", async () => {
      const key = "tenant/9:job 1?#%é";
      await reserve({ key });
      const path = `${RESERVATIONS}/${encodeURIComponent(key)}/commit`;
      expect((await post(path, { amount: 1 })).body).to.deep.include({ key, used: 1 });
    });

    it("P28 answers 402 before anything runs", async () => {
      expect((await reserve({ amount: 101 })).status).to.equal(402);
      expect((await reserve({ expiresInSeconds: 0 })).status).to.equal(400);
      expect((await reserve({ expiresInSeconds: 86_401 })).status).to.equal(400);
    });

    it("answers 404, 409 and 422 for ends that cannot be", async () => {
      const commit = (amount: number) => post(`${RESERVATIONS}/job-1/commit`, { amount });
      const release = () => post(`${RESERVATIONS}/job-1/release`, undefined);
      const codes: unknown[] = [(await commit(1)).body.code, (await release()).body.code];
      await reserve();
      const exceeding = await commit(61);
      codes.push(exceeding.status, exceeding.body.code);
      await commit(45);
      const other = await commit(46);
      codes.push(other.status, other.body.code, (await release()).body.code);
      expect(codes).to.deep.equal([
        "unknown_reservation",
        "unknown_reservation",
        422,
        "exceeds_reservation",
        409,
        "reservation_committed",
        "reservation_committed",
      ]);
      await reserve({ key: "job-2", amount: 1 });
      await post(`${RESERVATIONS}/job-2/release`, undefined);
      const late = await post(`${RESERVATIONS}/job-2/commit`, { amount: 1 });
      expect(late.body.code).to.equal("reservation_released");
    });
  });

  describe("who may spend", () => {
    const refused: [string, Record<string, string>, number, string][] = [
      ["a dashboard's user", adminHeaders(), 403, "scope_insufficient"],
      ["another scope", serviceHeaders({ scope: "billing:usage" }), 403, "scope_insufficient"],
      ["a service of other tenants", serviceHeaders({ tenants: [] }), 403, "not_a_member"],
      ["nobody", { "X-Tenant-Id": TENANT }, 401, "token_missing"],
    ];
    for (const [what, headers, status, code] of refused) {
      it(`P35 refuses ${what}`, async () => {
        const { status: answered, body } = await service.send(DEBITS, {
          method: "POST",
          body: { key: "call-1", amount: 1 },
          headers,
        });
        expect([answered, body.code]).to.deep.equal([status, code]);
      });
    }

    it("P35 one tenant's key is another tenant's own", async () => {
      await debit({ amount: 100 });
      const headers = serviceHeaders({}, FOREIGN_TENANT);
      const { body } = await post(DEBITS, { key: "call-1", amount: 30 }, headers);
      expect(body).to.deep.include({ balance: balance(70) });
      const foreign = await post(`${RESERVATIONS}/call-1/release`, undefined, headers);
      expect(foreign.status).to.equal(404);
    });
  });

  describe("GET /billing/tokens", () => {
    it("shows balance and entries, newest first, to every member", async () => {
      await debit({ reason: "draft" });
      const tenants = [{ id: TENANT, role: "MEMBER" }];
      const headers = adminHeaders({ Authorization: `Bearer ${token({ tenants })}` });
      const { status, body } = await service.send("/billing/tokens", { headers });
      expect(status).to.equal(200);
      expect(body).to.deep.equal({
        balance: { ...balance(70), monthlyExpiresAt: "2026-07-01T00:00:00.000Z" },
        data: [
          {
            seq: 2,
            key: "debit:call-1",
            kind: "debit",
            amount: -30,
            expired: 0,
            monthly: 70,
            packs: 0,
            debt: 0,
            reserved: 0,
            reason: "draft",
            source: "request:call-1",
            at: "2026-06-30T12:00:00.000Z",
          },
          {
            seq: 1,
            key: "grant:free:2026-06-01T00:00:00.000Z",
            kind: "grant",
            amount: 100,
            expired: 0,
            monthly: 100,
            packs: 0,
            debt: 0,
            reserved: 0,
            reason: null,
            source: null,
            at: "2026-06-30T12:00:00.000Z",
          },
        ],
        meta: { nextCursor: null },
      });
    });

    it("leads through the ledger by cursors", async () => {
      for (let call = 1; call <= 4; call += 1) {
        await debit({ key: `call-${call}`, amount: 1 });
      }
      const seqs: unknown[] = [];
      let cursor = "";
      for (let pages = 0; pages < 3; pages += 1) {
        const { body } = await service.send(`/billing/tokens?limit=2${cursor}`);
        const { data, meta } = body as { data: { seq: number }[]; meta: { nextCursor: string } };
        seqs.push(data.map(({ seq }) => seq));
        cursor = `&cursor=${meta.nextCursor}`;
      }
      expect(seqs).to.deep.equal([[5, 4], [3, 2], [1]]);
      expect(cursor).to.equal("&cursor=null");
    });

    for (const query of [
      "limit=0",
      "limit=101",
      "limit=2&limit=3",
      "limit=1e1",
      "cursor=0",
      "cursor=-1",
      "cursor=null",
      "cursor[$ne]=1",
      "tenantId=x",
    ]) {
      it(`refuses ?${query}`, async () => {
        const { status, body } = await service.send(`/billing/tokens?${query}`);
        expect([status, body.code]).to.deep.equal([400, "invalid_query"]);
      });
    }
  });

  it("GET /billing/token-packs lists what can be bought", async () => {
    const { status, body } = await service.send("/billing/token-packs");
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      data: [
        {
          slug: "growth",
          name: "Growth",
          tokens: 50_000,
          amount: 2_000,
          currency: "eur",
          stripePriceId: "price_growth",
        },
      ],
    });
  });
});
