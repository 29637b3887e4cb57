import { expect } from "chai";
import { useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { token } from "../../../samples/http.ts";

describe("GET /billing/usage/emails/periods", () => {
  const service = useService();

  it("answers the running month last", async () => {
    await service.billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 42 });
    const { status, body } = await service.send("/billing/usage/emails/periods");
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      data: [
        {
          start: "2026-06-01T00:00:00.000Z",
          end: "2026-07-01T00:00:00.000Z",
          limit: 100,
          used: 42,
        },
      ],
    });
  });

  it("P35 every member may read them, and nobody another tenant's", async () => {
    const Authorization = `Bearer ${token({ tenants: [{ id: TENANT, role: "MEMBER" }] })}`;
    for (const [tenant, status] of [
      [TENANT, 200],
      ["clother0001", 403],
    ] as const) {
      const headers = { Authorization, "X-Tenant-Id": tenant };
      const answer = await service.send("/billing/usage/emails/periods", { headers });
      expect(answer.status).to.equal(status);
    }
  });
});
