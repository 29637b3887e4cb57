import { expect } from "chai";
import { useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { FOREIGN_TENANT, token } from "../../../samples/http.ts";

const SCOPE = { scope: "openid billing:usage" };

function serviceHeaders(claims: Record<string, unknown> = SCOPE, tenantId = TENANT) {
  return { Authorization: `Bearer ${token(claims)}`, "X-Tenant-Id": tenantId };
}

describe("/billing/usage/emails", () => {
  const service = useService();

  function post(body: unknown, headers = serviceHeaders()) {
    return service.send("/billing/usage/emails", { body, headers });
  }

  function remove(key: string, headers = serviceHeaders()) {
    const path = `/billing/usage/emails/${encodeURIComponent(key)}`;
    return service.send(path, { method: "DELETE", headers });
  }

  it("P31 counts e-mails and shows the quota, in the body and in headers", async () => {
    const { status, body, headers } = await post({ count: 80 });
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      quota: {
        limit: 100,
        used: 80,
        percentage: 80,
        warning: true,
        ceiling: 110,
        resetsAt: "2026-07-01T00:00:00.000Z",
      },
      repeated: false,
    });
    expect(headers.get("X-Quota-Limit")).to.equal("100");
    expect(headers.get("X-Quota-Used")).to.equal("80");
    expect(headers.get("X-Quota-Percentage")).to.equal("80");
    expect(headers.get("X-Quota-Warning")).to.equal("true");
  });

  it("P32 sends no warning below 80 %", async () => {
    expect((await post({ count: 79 })).headers.has("X-Quota-Warning")).to.equal(false);
  });

  it("P32 answers 429 beyond 110 %, with quota, Retry-After and the next plan", async () => {
    await post({ count: 110 });
    const { status, body, headers } = await post({ count: 1 });
    expect(status).to.equal(429);
    const { timestamp, ...rest } = body;
    expect(rest).to.deep.equal({
      statusCode: 429,
      message: "Monthly email quota exceeded (110%). Upgrade your plan to continue sending.",
      path: "/billing/usage/emails",
      code: "email_quota_exceeded",
      quota: { limit: 100, used: 110, percentage: 110 },
      upgrade: { planSlug: "starter" },
    });
    expect(timestamp).to.be.a("string");
    expect(headers.get("Retry-After")).to.equal(String(12 * 3_600));
    expect(headers.get("X-Quota-Percentage")).to.equal("110");
    expect(headers.get("X-Quota-Warning")).to.equal("true");
  });

  it("P32 leads to advice in the subscription, from 80 % on", async () => {
    await post({ count: 79 });
    expect((await service.send("/billing/subscription")).body.upgrade).to.equal(null);
    await post({ count: 1 });
    expect((await service.send("/billing/subscription")).body.upgrade).to.deep.equal({
      planSlug: "starter",
      reasons: ["emails_over_80_percent"],
    });
  });

  it("P31 counts a key once, gives it back once", async () => {
    await post({ count: 7, key: "mail/1 ö" });
    expect((await post({ count: 7, key: "mail/1 ö" })).body).to.deep.include({ repeated: true });
    const conflict = await post({ count: 8, key: "mail/1 ö" });
    expect(conflict.status).to.equal(409);
    expect(conflict.body).to.deep.include({ code: "key_conflict" });
    expect(conflict.body.details).to.have.nested.property("[0].field", "count");
    const first = await remove("mail/1 ö");
    expect([first.status, first.body]).to.deep.equal([200, { released: true, repeated: false }]);
    expect((await remove("mail/1 ö")).body).to.deep.equal({ released: true, repeated: true });
    expect((await post({ count: 7, key: "mail/1 ö" })).body.code).to.equal("key_released");
    expect((await service.store.emailUsage.find(TENANT))?.used).to.equal(0);
  });

  it("P31 answers 404 for a key that nothing was counted under", async () => {
    const { status, body } = await remove("never");
    expect([status, body.code]).to.deep.equal([404, "unknown_key"]);
  });

  for (const body of [
    {},
    { count: 0 },
    { count: 100_001 },
    { count: 1.5 },
    { count: "1" },
    { count: 1, key: "" },
    { count: 1, key: "k".repeat(201) },
    { count: 1, key: { $ne: null } },
    { count: 1, tenantId: FOREIGN_TENANT },
  ]) {
    it(`answers 400 to ${JSON.stringify(body).slice(0, 40)}, and counts nothing`, async () => {
      const { status, body: answer } = await post(body);
      expect([status, answer.code]).to.deep.equal([400, "invalid_body"]);
      expect(await service.store.emailUsage.find(TENANT)).to.equal(undefined);
    });
  }

  it("P35 needs the scope, also from a tenant's owner", async () => {
    for (const claims of [
      {},
      { scope: "billing:usages" },
      { scope: "billing:tokens billing:admin" },
      { scope: ["billing:usage"] },
      { tenants: [{ id: TENANT, role: "OWNER" }] },
    ]) {
      const { status, body } = await post({ count: 1 }, serviceHeaders(claims));
      expect([status, body.code]).to.deep.equal([403, "scope_insufficient"]);
      expect((await remove("a", serviceHeaders(claims))).status).to.equal(403);
    }
  });

  it("P35 needs a token for the tenant, or for all", async () => {
    const foreign = await post({ count: 1 }, serviceHeaders(SCOPE, FOREIGN_TENANT));
    expect([foreign.status, foreign.body.code]).to.deep.equal([403, "not_a_member"]);
    const forAll = serviceHeaders({ ...SCOPE, tenants: "*" }, FOREIGN_TENANT);
    expect((await post({ count: 1, key: "a" }, forAll)).status).to.equal(200);
    expect((await remove("a")).status).to.equal(404);
    expect((await remove("a", forAll)).status).to.equal(200);
    const nameless = { Authorization: `Bearer ${token(SCOPE)}` };
    expect(
      (await service.send("/billing/usage/emails", { body: {}, headers: nameless })).body,
    ).to.have.property("code", "tenant_missing");
  });

  it("P34 answers 503 when the store fails and sends are refused then", async () => {
    await service.store.close();
    const { status, headers } = await post({ count: 1 });
    expect(status).to.be.oneOf([502, 503]);
    expect(headers.has("X-Quota-Used")).to.equal(false);
  });

  it("answers 405 to other methods, naming those it has", async () => {
    const path = "/billing/usage/emails/a";
    const answer = await service.send(path, { headers: serviceHeaders() });
    expect([answer.status, answer.headers.get("Allow")]).to.deep.equal([405, "DELETE"]);
  });
});
