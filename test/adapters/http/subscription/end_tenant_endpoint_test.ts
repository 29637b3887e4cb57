import { expect } from "chai";
import { useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { token } from "../../../samples/http.ts";

const OPERATOR = { tenants: "*", scope: "billing:admin" };

describe("DELETE /billing/tenants/{id}", () => {
  const service = useService();

  function end(id: string, query = "") {
    const headers = { Authorization: `Bearer ${token(OPERATOR)}` };
    return service.send(`/billing/tenants/${id}${query}`, { method: "DELETE", headers });
  }

  it("P44 ends a tenant, who is answered 403 from then on", async () => {
    await service.billing.consumeEmailQuota.execute({ tenantId: TENANT, count: 1 });
    const { status, body } = await end(TENANT, "?refund=true");
    expect(status).to.equal(200);
    expect(body).to.deep.include({
      tenantId: TENANT,
      when: "now",
      subscriptions: [],
      checkouts: [],
      refund: null,
      redacted: null,
    });
    const services = (scope: string) => ({
      Authorization: `Bearer ${token({ scope })}`,
      "X-Tenant-Id": TENANT,
    });
    for (const [path, scope, sent] of [
      ["/billing/usage/emails", "billing:usage", { count: 1 }],
      ["/billing/tokens/debits", "billing:tokens", { key: "a", amount: 1 }],
      ["/billing/tokens/reservations", "billing:tokens", { key: "a", amount: 1 }],
    ] as const) {
      const refused = await service.send(path, { body: sent, headers: services(scope) });
      expect([refused.status, refused.body.code], path).to.deep.equal([403, "tenant_ended"]);
    }
    expect((await service.send("/billing/subscription")).status).to.equal(200);
    expect((await end(TENANT)).body.endsAt).to.equal(body.endsAt);
  });

  it("refuses tenants that nobody knows, and what is possible at once only", async () => {
    expect((await end("clnobody01")).body.code).to.equal("unknown_tenant");
    for (const query of [
      "?when=period_end&refund=true",
      "?when=period_end&redact=true",
      "?when=period_end&redact=empty",
    ]) {
      expect((await end(TENANT, query)).body.code).to.equal("only_now");
    }
    expect((await end(TENANT, "?when=soon")).status).to.equal(400);
  });
});
