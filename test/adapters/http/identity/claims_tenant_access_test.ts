import { expect } from "chai";
import { ClaimsTenantAccess } from "../../../../src/adapters/http/identity/claims_tenant_access.ts";
import { TENANT } from "../../../samples/account.ts";
import { FOREIGN_TENANT } from "../../../samples/http.ts";

function roleIn(tenantId: string, claims: Record<string, unknown>, claim = "tenants") {
  return new ClaimsTenantAccess(claim).roleIn(tenantId, { userId: "u", claims });
}

describe("ClaimsTenantAccess", () => {
  it("answers the role that the claim states for that very tenant", async () => {
    const tenants = [
      { id: TENANT, role: "BILLING" },
      { id: FOREIGN_TENANT, role: "MEMBER" },
    ];
    expect(await roleIn(TENANT, { tenants })).to.equal("BILLING");
    expect(await roleIn(FOREIGN_TENANT, { tenants })).to.equal("MEMBER");
    expect(await roleIn("clthird0003", { tenants })).to.equal(undefined);
  });

  it("reads the claim of the configured name only", async () => {
    const claims = { tenants: [{ id: TENANT, role: "OWNER" }] };
    expect(await roleIn(TENANT, claims, "https://example.com/tenants")).to.equal(undefined);
  });

  const malformed: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["a text", TENANT],
    ["a star", "*"],
    ["an object", { id: TENANT, role: "OWNER" }],
    ["a list of texts", [TENANT]],
    ["a list of null", [null]],
    ["a nested list", [[{ id: TENANT, role: "OWNER" }]]],
    ["a list as id", [{ id: [TENANT], role: "OWNER" }]],
    ["another case", [{ id: TENANT.toUpperCase(), role: "OWNER" }]],
    ["no role", [{ id: TENANT }]],
    ["an unknown role", [{ id: TENANT, role: "constructor" }]],
    ["inherited properties", [Object.create({ id: TENANT, role: "OWNER" })]],
    ["a prototype in JSON", JSON.parse(`[{"__proto__":{"id":"${TENANT}","role":"OWNER"}}]`)],
  ];
  for (const [what, tenants] of malformed) {
    it(`P35 gives no role for ${what}`, async () => {
      expect(await roleIn(TENANT, { tenants })).to.equal(undefined);
    });
  }

  it("P35 gives no role for a claim that is only inherited", async () => {
    const claims = Object.create({ tenants: [{ id: TENANT, role: "OWNER" }] });
    expect(await roleIn(TENANT, claims)).to.equal(undefined);
    expect(await roleIn(TENANT, {}, "constructor")).to.equal(undefined);
  });

  it("lets the first of several sound entries count", async () => {
    const tenants = ["x", { id: TENANT, role: "MEMBER" }, { id: TENANT, role: "OWNER" }];
    expect(await roleIn(TENANT, { tenants })).to.equal("MEMBER");
  });
});
