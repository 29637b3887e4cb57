import { expect } from "chai";
import { useService } from "../../../rig/service_rig.ts";
import { sampleAuditEntry, TENANT } from "../../../samples/account.ts";
import { CHECKOUT, token } from "../../../samples/http.ts";

describe("GET /billing/audit", () => {
  const service = useService();

  async function fillTrail(): Promise<void> {
    for (const revision of [1, 2, 4]) {
      await service.store.audit.append(sampleAuditEntry(revision, { tenantId: TENANT }));
    }
    await service.store.audit.append(sampleAuditEntry(3, { tenantId: "clother0001" }));
  }

  it("P38 answers the tenant's changes page by page, the last one first", async () => {
    await fillTrail();
    const first = await service.send("/billing/audit?limit=2");
    expect(first.status).to.equal(200);
    expect(first.body)
      .to.have.nested.property("data[0]")
      .that.deep.equals({
        revision: 4,
        at: "2026-03-14T15:09:26.539Z",
        cause: { type: "event", eventId: "evt_1", eventType: "invoice.paid" },
        before: { "subscription.status": "past_due" },
        after: { "subscription.status": "active" },
      });
    expect(first.body).to.have.property("meta").that.deep.equals({ nextCursor: "2" });
    const { body } = await service.send("/billing/audit?limit=2&cursor=2");
    expect(body).to.have.nested.property("data[0].revision", 1);
    expect(body).to.have.property("meta").that.deep.equals({ nextCursor: null });
  });

  for (const [role, status] of [
    ["OWNER", 200],
    ["ADMIN", 200],
    ["BILLING", 403],
    ["MEMBER", 403],
  ] as const) {
    it(`P35 answers ${status} to ${role}`, async () => {
      const headers = {
        Authorization: `Bearer ${token({ tenants: [{ id: TENANT, role }] })}`,
        "X-Tenant-Id": TENANT,
      };
      expect((await service.send("/billing/audit", { headers })).status).to.equal(status);
    });
  }

  it("refuses a limit or cursor that is none", async () => {
    for (const query of ["limit=0", "limit=101", "cursor=-1", "cursor=a", "tenant=clother0001"]) {
      expect((await service.send(`/billing/audit?${query}`)).status, query).to.equal(400);
    }
  });

  it("P38 a change by a request tells its user", async () => {
    expect((await service.send("/billing/checkout", { body: CHECKOUT })).status).to.equal(200);
    const { body: answer } = await service.send("/billing/audit?limit=100");
    const causes = (answer.data as { cause: { type: string } }[]).map(({ cause }) => cause.type);
    expect(causes).to.include("request");
  });
});
