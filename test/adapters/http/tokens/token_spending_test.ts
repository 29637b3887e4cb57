import { expect } from "chai";
import { adminHeaders } from "../../../rig/service_rig.ts";
import { useFresh } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";
import { FOREIGN_TENANT } from "../../../samples/http.ts";
import { balance, serviceHeaders, startTokenService } from "./token_service.ts";

const DEBITS = "/billing/tokens/debits";
const RESERVATIONS = "/billing/tokens/reservations";

describe("Spending AI tokens over HTTP", () => {
  const service = useFresh(() => startTokenService());

  const post = (path: string, body: unknown, headers = serviceHeaders()) =>
    service.send(path, { method: "POST", body, headers });
  const debit = (changes = {}) => post(DEBITS, { key: "call-1", amount: 30, ...changes });
  const reserve = (changes = {}) => post(RESERVATIONS, { key: "job-1", amount: 60, ...changes });

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

    it("P28 answers that a reservation was released when it is made again", async () => {
      await reserve();
      await post(`${RESERVATIONS}/job-1/release`, undefined);
      const { status, body } = await reserve();
      expect([status, body.code]).to.deep.equal([409, "reservation_released"]);
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
});
