import { expect } from "chai";
import { useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { token } from "../../../samples/http.ts";
import { sampleEntry } from "../../../samples/ledger.ts";

describe("GET /billing/tokens/periods", () => {
  const service = useService();

  it("answers what was granted, bought and used in each month", async () => {
    const { ledger } = service.store;
    const start = "2026-01-10T00:00:00.000Z";
    const end = "2026-02-10T00:00:00.000Z";
    const grant = { key: `grant:sub_1:${start}`, tokens: 500, expiresAt: new Date(end) };
    const balance = { monthly: 500, packs: 0, debt: 0 };
    await ledger.append(
      sampleEntry(1, { tenantId: TENANT, grant, months: null, keyId: null, ...balance }),
    );
    const spent = { kind: "debit", amount: -120, monthly: 380, packs: 0, debt: 0 } as const;
    const debit = { tenantId: TENANT, grant, months: null, keyId: null, key: "debit:a", ...spent };
    await ledger.append(sampleEntry(2, debit));
    const { status, body } = await service.send("/billing/tokens/periods?limit=2");
    expect(status).to.equal(200);
    expect((body.data as unknown[]).at(-1)).to.deep.equal({
      start,
      end,
      granted: 500,
      used: 120,
      usedPacks: 0,
      bought: 0,
    });
  });

  it("refuses a limit that is none", async () => {
    for (const query of ["limit=0", "limit=25", "limit=a", "cursor=1"]) {
      const { status } = await service.send(`/billing/tokens/periods?${query}`);
      expect(status, query).to.equal(400);
    }
  });

  it("P35 every member may read them, and nobody another tenant's", async () => {
    const Authorization = `Bearer ${token({ tenants: [{ id: TENANT, role: "MEMBER" }] })}`;
    for (const [tenant, status] of [
      [TENANT, 200],
      ["clother0001", 403],
    ] as const) {
      const headers = { Authorization, "X-Tenant-Id": tenant };
      expect((await service.send("/billing/tokens/periods", { headers })).status).to.equal(status);
    }
  });
});
