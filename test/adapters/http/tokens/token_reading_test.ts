import { expect } from "chai";
import { adminHeaders } from "../../../rig/service_rig.ts";
import { useFresh } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";
import { CHECKOUT, token } from "../../../samples/http.ts";
import { balance, serviceHeaders, startTokenService } from "./token_service.ts";

const DEBITS = "/billing/tokens/debits";

describe("Reading and buying AI tokens over HTTP", () => {
  const service = useFresh(() => startTokenService());

  const post = (path: string, body: unknown, headers = serviceHeaders()) =>
    service.send(path, { method: "POST", body, headers });
  const debit = (changes = {}) => post(DEBITS, { key: "call-1", amount: 30, ...changes });

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

  describe("POST /billing/checkout with a packSlug", () => {
    const { planSlug: _, ...urls } = CHECKOUT;
    const buy = (changes: object, headers = adminHeaders()) =>
      service.send("/billing/checkout", {
        body: { packSlug: "growth", ...urls, ...changes },
        headers,
      });

    it("answers with the URL of a Checkout for the pack", async () => {
      const { status, body } = await buy({});
      expect(status).to.equal(200);
      expect(body).to.deep.equal({ url: "https://pay.example/cs_pack_1", mode: "checkout" });
      expect(service.packs.requests[0]).to.include({
        tenantId: TENANT,
        customerId: "cus_1",
        priceId: "price_growth",
        tokens: 50_000,
      });
    });

    const refusals: [string, object, number, string][] = [
      ["a pack that does not exist", { packSlug: "gold" }, 404, "unknown_pack"],
      ["a pack that is no longer offered", { packSlug: "old" }, 422, "pack_not_purchasable"],
      ["a foreign address", { successUrl: "https://evil.example/" }, 400, "invalid_redirect"],
      ["a plan beside it", { planSlug: "pro" }, 400, "invalid_body"],
      ["an interval", { interval: "month" }, 400, "invalid_body"],
      ["tokens of the caller's", { tokens: 1_000_000 }, 400, "invalid_body"],
      ["no text", { packSlug: { $ne: null } }, 400, "invalid_body"],
    ];
    for (const [what, changes, status, code] of refusals) {
      it(`P20 refuses ${what}`, async () => {
        const received = await buy(changes);
        expect([received.status, received.body.code]).to.deep.equal([status, code]);
        expect(service.packs.requests).to.deep.equal([]);
      });
    }

    it("P35 is for those who may spend the tenant's money", async () => {
      const tenants = [{ id: TENANT, role: "MEMBER" }];
      const headers = adminHeaders({ Authorization: `Bearer ${token({ tenants })}` });
      expect((await buy({}, headers)).body.code).to.equal("role_insufficient");
    });
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
          tax: null,
        },
      ],
    });
  });
});
