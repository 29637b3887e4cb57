import { expect } from "chai";
import { useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { samplePack } from "../../../samples/catalog.ts";
import { CATALOG, token } from "../../../samples/http.ts";

const SETTINGS = { enabled: true, belowTokens: 1_000, packSlug: "growth", maxPerMonth: 2 };
const PATH = "/billing/auto-top-up";

describe("/billing/auto-top-up", () => {
  const service = useService();

  beforeEach(async () => {
    const revision = (await service.store.catalog.read())?.revision ?? 0;
    const packs = [samplePack("growth", 50_000, 2_000), samplePack("old", 1, 9, { active: false })];
    await service.store.catalog.save({ ...CATALOG, packs, revision });
  });

  function put(body: object) {
    return service.send(PATH, { method: "PUT", body });
  }

  it("shows that nothing was chosen", async () => {
    const { status, body } = await service.send(PATH);
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      enabled: false,
      belowTokens: null,
      packSlug: null,
      maxPerMonth: null,
      boughtThisMonth: 0,
      stopped: null,
    });
  });

  it("keeps what was chosen, and tells the audit trail", async () => {
    const off = { ...SETTINGS, enabled: false };
    const { status, body } = await put(off);
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ ...off, boughtThisMonth: 0, stopped: null });
    expect((await service.send(PATH)).body).to.deep.equal(body);
    const [entry] = await service.store.audit.list(TENANT, { limit: 1 });
    expect(entry?.fields.map(({ field }) => field)).to.deep.equal([
      "autoTopUp.belowTokens",
      "autoTopUp.maxPerMonth",
      "autoTopUp.packSlug",
    ]);
  });

  it("refuses packs that cannot be bought, tenants without a card, and odd numbers", async () => {
    expect((await put({ ...SETTINGS, packSlug: "none" })).status).to.equal(404);
    expect((await put({ ...SETTINGS, packSlug: "old" })).status).to.equal(422);
    const refused = await put(SETTINGS);
    expect([refused.status, refused.body.code]).to.deep.equal([409, "no_customer"]);
    for (const odd of [{ belowTokens: 0 }, { maxPerMonth: 101 }, { maxPerMonth: 0.5 }, { a: 1 }]) {
      expect((await put({ ...SETTINGS, ...odd })).status, JSON.stringify(odd)).to.equal(400);
    }
  });

  it("P35 is for those who may spend the tenant's money", async () => {
    const Authorization = `Bearer ${token({ tenants: [{ id: TENANT, role: "MEMBER" }] })}`;
    const headers = { Authorization, "X-Tenant-Id": TENANT };
    expect((await service.send(PATH, { headers })).status).to.equal(403);
    const body = { ...SETTINGS, enabled: false };
    expect((await service.send(PATH, { method: "PUT", body, headers })).status).to.equal(403);
  });
});
