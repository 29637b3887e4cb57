import { expect } from "chai";
import { useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { token } from "../../../samples/http.ts";

describe("GET /billing/limits/{name}", () => {
  const service = useService();

  function ask(path: string, claims?: object) {
    const bearer = { Authorization: `Bearer ${token({ ...claims })}`, "X-Tenant-Id": TENANT };
    return service.send(`/billing/limits/${path}`, { headers: bearer });
  }

  it("P45 tells any member, and services that may count, what the plan allows", async () => {
    const expected = { limit: 1, count: 2, allowed: false, over: 1, upgrade: null };
    const member = { tenants: [{ id: TENANT, role: "MEMBER" }] };
    for (const claims of [member, { tenants: "*", scope: "billing:usage" }]) {
      const { status, body } = await ask("domains?count=2", claims);
      expect(status).to.equal(200);
      expect(body).to.deep.equal({ ...expected, upgrade: { planSlug: "starter" } });
    }
    expect((await ask("members?count=2")).body).to.include({ limit: null, allowed: true });
  });

  it("P35 tells services for all tenants nothing without their scope", async () => {
    const { status, body } = await ask("domains?count=1", {
      tenants: "*",
      scope: "billing:tokens",
    });
    expect([status, body.code]).to.deep.equal([403, "scope_insufficient"]);
  });

  it("P45 says what is wrong with a question", async () => {
    const unknown = await ask("wishes?count=1");
    expect([unknown.status, unknown.body.code]).to.deep.equal([404, "unknown_limit"]);
    expect(unknown.body.message).to.contain("domains, members, templates");
    for (const query of [
      "",
      "?count=",
      "?count=-1",
      "?count=1.5",
      "?count=1e3",
      "?count=1&count=2",
    ]) {
      const { status, body } = await ask(`domains${query}`);
      expect([status, body.code], query).to.deep.equal([400, "invalid_query"]);
    }
  });
});
