import { expect } from "chai";
import { PortError } from "../../../../src/application/ports/port_error.ts";
import { type Received, startTestService, type TestService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { sampleAttentionItem } from "../../../samples/attention.ts";
import { afterNow } from "../../../samples/dates.ts";
import { NOW, token } from "../../../samples/http.ts";

const ITEMS = [
  sampleAttentionItem({ tenantId: TENANT, subject: "sub_3", since: afterNow(-1) }),
  sampleAttentionItem({ tenantId: "clother0002", subject: "sub_2", since: afterNow(-2) }),
  sampleAttentionItem({ tenantId: null, subject: "sub_1", since: afterNow(-3) }),
] as const;
const [item] = ITEMS;

describe("the attention routes", () => {
  let service: TestService;

  beforeEach(async () => {
    service = await startTestService();
    for (const one of ITEMS) {
      await service.store.attention.raise(one, { revision: 1, at: NOW });
    }
  });
  afterEach(() => service.close());

  function asOperator(path: string, sent: { claims?: object; body?: unknown } = {}) {
    const { claims = {}, body } = sent;
    const bearer = token({ sub: "ops", scope: "billing:admin", tenants: "*", ...claims });
    const headers = { Authorization: `Bearer ${bearer}` };
    const method = path.endsWith("/resolve") ? "POST" : "GET";
    return service.send(`/billing${path}`, { method, headers, body });
  }

  const resolve = (id: string, sent?: { claims?: object; body?: unknown }) =>
    asOperator(`/attention/${encodeURIComponent(id)}/resolve`, sent);
  const subjects = ({ body }: Received) =>
    (body.data as { subject: string }[]).map(({ subject }) => subject);

  it("P35 refuse whoever has no admin scope, and services of some tenants only", async () => {
    for (const [claims, code] of [
      [{ scope: undefined }, "scope_insufficient"],
      [{ scope: "billing:usage billing:tokens" }, "scope_insufficient"],
      [{ tenants: [{ id: TENANT, role: "OWNER" }] }, "tenants_restricted"],
      [{ tenants: [TENANT] }, "tenants_restricted"],
    ] as const) {
      for (const answer of [
        await asOperator("/attention", { claims }),
        await resolve(item.id, { claims }),
      ]) {
        expect([answer.status, answer.body.code]).to.deep.equal([403, code]);
      }
    }
    expect(await service.store.attention.countOpen()).to.equal(3);
  });

  it("P41 GET /attention says for which tenant, what, since when, and what to do", async () => {
    const { status, body } = await asOperator("/attention");
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      data: ITEMS.map((one) => ({ ...one, since: one.since.toISOString() })),
      meta: { nextCursor: null },
    });
  });

  it("P41 GET /attention answers page by page", async () => {
    const first = await asOperator("/attention?limit=2");
    expect(subjects(first)).to.deep.equal(["sub_3", "sub_2"]);
    const { nextCursor } = first.body.meta as { nextCursor: string };
    const second = await asOperator(`/attention?limit=2&cursor=${nextCursor}`);
    expect(subjects(second)).to.deep.equal(["sub_1"]);
    expect(second.body.meta).to.deep.equal({ nextCursor: null });
  });

  it("GET /attention keeps to a tenant, and shows all only where that is asked for", async () => {
    await resolve(item.id);
    expect(subjects(await asOperator(`/attention?tenantId=${TENANT}`))).to.deep.equal([]);
    expect(subjects(await asOperator("/attention?all=false"))).to.deep.equal(["sub_2", "sub_1"]);
    const { body } = await asOperator(`/attention?tenantId=${TENANT}&all=true`);
    expect((body.data as object[])[0]).to.deep.include({
      id: item.id,
      state: "resolved",
      resolvedAt: NOW.toISOString(),
      resolvedBy: "ops",
    });
  });

  it("GET /attention names every parameter that is wrong", async () => {
    for (const [query, field] of [
      ["tenantId=T", "tenantId"],
      ["tenantId=", "tenantId"],
      ["all=yes", "all"],
      ["limit=0", "limit"],
      ["limit=101", "limit"],
      ["limit=2&limit=3", "limit"],
      ["cursor=nonsense", "cursor"],
      ["state=open", "state"],
    ]) {
      const { status, body } = await asOperator(`/attention?${query}`);
      expect([status, body.code], query).to.deep.equal([400, "invalid_query"]);
      expect((body.details as { field: string }[])[0]?.field).to.equal(field);
    }
  });

  it("P41 P38 POST /attention/{id}/resolve takes an item off the list, and tells who did", async () => {
    const { status, body } = await resolve(item.id);
    expect(status).to.equal(200);
    expect(body).to.deep.include({ id: item.id, state: "resolved", resolvedBy: "ops" });
    expect(subjects(await asOperator("/attention"))).to.deep.equal(["sub_2", "sub_1"]);
    const [entry] = await service.store.audit.list(TENANT, { limit: 1 });
    expect(entry?.cause).to.deep.equal({ type: "operator", name: "ops" });
    expect(entry?.fields).to.deep.equal([
      { field: `attention.${item.id}.resolvedBy`, before: null, after: "ops" },
    ]);
  });

  it("POST /attention/{id}/resolve can be repeated; the first one stays who did", async () => {
    await resolve(item.id);
    const again = await resolve(item.id, { claims: { sub: "others" }, body: {} });
    expect(again.status).to.equal(200);
    expect(again.body).to.deep.include({ state: "resolved", resolvedBy: "ops" });
    expect(await service.store.audit.list(TENANT, { limit: 9 })).to.have.length(1);
  });

  it("POST /attention/{id}/resolve resolves what concerns no tenant", async () => {
    const { status, body } = await resolve(ITEMS[2].id);
    expect([status, body.tenantId, body.resolvedBy]).to.deep.equal([200, null, "ops"]);
  });

  it("POST /attention/{id}/resolve answers 404 for other ids and 400 for a body", async () => {
    for (const id of ["nothing", "no_plan_item:clacme0001:sub_9", "__proto__", "\0", "a/b"]) {
      const { status, body } = await resolve(id);
      expect([status, body.code], id).to.deep.equal([404, "unknown_attention"]);
    }
    const refused = await resolve(item.id, { body: { by: "me" } });
    expect([refused.status, refused.body.code]).to.deep.equal([400, "invalid_body"]);
    expect(await service.store.attention.countOpen()).to.equal(3);
  });

  it("P08 answer 503 while the store is down, and resolve nothing", async () => {
    await service.close();
    const down = () => Promise.reject(new PortError("Cannot read: no answer", { transient: true }));
    service = await startTestService({
      store: (store) => ({ ...store, attention: { ...store.attention, list: down, find: down } }),
    });
    expect((await asOperator("/attention")).status).to.equal(503);
    expect((await resolve(item.id)).status).to.equal(503);
  });
});
