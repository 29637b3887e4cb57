import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { adminHeaders, sendHeaders, startTestService } from "../../rig/service_rig.ts";
import { useShared } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { CHECKOUT, FOREIGN_TENANT, token } from "../../samples/http.ts";

describe("requireMember and requirePayer", () => {
  const service = useShared(() => startTestService());

  const malformed = [
    `${TENANT}, ${FOREIGN_TENANT}`,
    `${TENANT},${TENANT}`,
    TENANT.toUpperCase(),
    "abc",
    "9lives",
    "a".repeat(65),
    "clacme0001\u00a0",
    "clacme-0001",
    "../clacme0001",
    '{"$ne":null}',
    "[object Object]",
    "__proto__",
  ];
  for (const tenant of malformed) {
    it(`P35 refuses the tenant ${JSON.stringify(tenant)} as malformed`, async () => {
      const headers = adminHeaders({ "X-Tenant-Id": tenant });
      const { status, body } = await service.send("/billing/subscription", { headers });
      expect([status, body.code]).to.deep.equal([400, "tenant_malformed"]);
    });
  }

  for (const tenants of [
    [TENANT, FOREIGN_TENANT],
    [TENANT, TENANT],
  ]) {
    it(`P35 refuses the header sent twice: ${tenants.join(" and ")}`, async () => {
      const headers = { ...adminHeaders(), "X-Tenant-Id": tenants };
      const { status, body } = await sendHeaders(`${service.url}/billing/subscription`, headers);
      expect([status, body.code]).to.deep.equal([400, "tenant_malformed"]);
    });
  }

  it("P35 asks for the header where it is missing or empty", async () => {
    const { "X-Tenant-Id": _left, ...rest } = adminHeaders();
    for (const headers of [rest, { ...rest, "X-Tenant-Id": "" }]) {
      const { status, body } = await service.send("/billing/subscription", { headers });
      expect([status, body.code]).to.deep.equal([400, "tenant_missing"]);
    }
  });

  it("P35 takes the tenant from the header only", async () => {
    const path = `/billing/subscription?tenantId=${FOREIGN_TENANT}&tenantId[$ne]=x`;
    const { status, body } = await service.send(path);
    expect(status).to.equal(200);
    expect(JSON.stringify(body)).not.to.contain(FOREIGN_TENANT);
  });

  const roles: [unknown, number][] = [
    ["OWNER", 200],
    ["ADMIN", 200],
    ["BILLING", 200],
    ["MEMBER", 403],
    ["owner", 403],
    ["ROOT", 403],
    [["OWNER"], 403],
    [null, 403],
  ];
  for (const [role, expected] of roles) {
    it(`answers ${expected} to the role ${JSON.stringify(role)} that wants to pay`, async () => {
      const tenants = [{ id: TENANT, role }];
      const headers = adminHeaders({ Authorization: `Bearer ${token({ tenants })}` });
      const checkout = await service.send("/billing/checkout", { headers, body: CHECKOUT });
      expect(checkout.status).to.equal(expected);
      const portal = await service.send("/billing/portal", { headers, method: "POST" });
      expect(portal.status).to.equal(expected);
      const code = role === "MEMBER" ? "role_insufficient" : "not_a_member";
      expect(portal.body.code).to.equal(expected === 200 ? undefined : code);
    });
  }

  it("refuses before it reads the body", async () => {
    const headers = adminHeaders({ "X-Tenant-Id": FOREIGN_TENANT });
    const { status } = await service.send("/billing/checkout", { headers, body: "{not json" });
    expect(status).to.equal(403);
  });

  it("asks the source of memberships that is given, and answers 503 if it fails", async () => {
    const asked: string[] = [];
    const other = await startTestService({
      tenantAccess: {
        async roleIn(tenantId, { userId }) {
          asked.push(`${userId} ${tenantId}`);
          if (tenantId === FOREIGN_TENANT) {
            throw new PortError("canary", { transient: true });
          }
          return undefined;
        },
      },
    });
    const refused = await other.send("/billing/subscription");
    const headers = adminHeaders({ "X-Tenant-Id": FOREIGN_TENANT });
    const failed = await other.send("/billing/subscription", { headers });
    await other.close();
    expect([refused.status, failed.status]).to.deep.equal([403, 503]);
    expect(failed.text).not.to.contain("canary");
    expect(asked).to.deep.equal([`user-1 ${TENANT}`, `user-1 ${FOREIGN_TENANT}`]);
  });
});
