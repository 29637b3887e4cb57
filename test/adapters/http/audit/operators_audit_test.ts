import { expect } from "chai";
import type { Received } from "../../../rig/service_rig.ts";
import { useFresh } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";
import { sampleAttentionItem } from "../../../samples/attention.ts";
import { NOW } from "../../../samples/dates.ts";
import { token } from "../../../samples/http.ts";
import { deliver, eventBody, startWithCustomer } from "../events/stripe_delivery.ts";

const ITEM = sampleAttentionItem({ tenantId: TENANT });
const ACTIONS = {
  replay: "/events/evt_done/replay",
  resolve: `/attention/${encodeURIComponent(ITEM.id)}/resolve`,
};

describe("Operators over HTTP", () => {
  const service = useFresh(() => startWithCustomer());

  beforeEach(async () => {
    await deliver(service, eventBody("evt_done"));
    await service.store.attention.raise(ITEM, { revision: 1, at: NOW });
  });

  function act(path: string, claims: object, headers = {}, body?: unknown): Promise<Received> {
    const bearer = token({ sub: "ada", scope: "billing:admin", tenants: "*", ...claims });
    const all = { Authorization: `Bearer ${bearer}`, ...headers };
    return service.send(`/billing${path}`, { method: "POST", headers: all, body });
  }

  async function byOperators() {
    const entries = await service.store.audit.list(TENANT, { limit: 100 });
    return entries.flatMap(({ cause, fields }) =>
      cause.type === "operator" ? [{ who: cause.name, fields }] : [],
    );
  }

  it("P38 leave who replayed an event, and what it was before and after", async () => {
    expect((await act(ACTIONS.replay, {})).status).to.equal(200);
    const field = "events.evt_done.state";
    expect(await byOperators()).to.deep.equal([
      { who: "ada", fields: [{ field, before: "done", after: "received" }] },
    ]);
  });

  it("P38 leave who resolved an item, and that nobody had before", async () => {
    expect((await act(ACTIONS.resolve, {})).status).to.equal(200);
    const field = `attention.${ITEM.id}.resolvedBy`;
    expect(await byOperators()).to.deep.equal([
      { who: "ada", fields: [{ field, before: null, after: "ada" }] },
    ]);
  });

  for (const [action, path] of Object.entries(ACTIONS)) {
    it(`P38 nothing but the token names who may ${action}`, async () => {
      const headers = {
        "X-User-Id": "eve",
        "X-Tenant-Id": TENANT,
        From: "eve",
        "X-Operator": "eve",
      };
      const refused = await act(path, {}, headers, { operator: "eve" });
      expect(refused.status).to.equal(400);
      expect(await byOperators()).to.deep.equal([]);
      expect((await act(path, {}, headers)).status).to.equal(200);
      expect((await byOperators()).map(({ who }) => who)).to.deep.equal(["ada"]);
    });

    it(`P35 P38 whoever may not ${action} leaves nothing`, async () => {
      for (const claims of [
        { scope: "billing:usage" },
        { scope: undefined, tenants: [{ id: TENANT, role: "OWNER" }] },
        { tenants: [{ id: TENANT, role: "OWNER" }] },
        { tenants: [TENANT] },
        { tenants: ["*"] },
        { tenants: undefined },
        { sub: undefined },
        { sub: "" },
      ]) {
        expect((await act(path, claims)).status, JSON.stringify(claims)).to.be.oneOf([401, 403]);
      }
      expect(await byOperators()).to.deep.equal([]);
    });
  }

  it("are named in the log, with what they asked for", async () => {
    await act(ACTIONS.replay, {});
    const line = service.log.lines().find(({ path }) => path === `/billing${ACTIONS.replay}`);
    expect(line).to.include({ userId: "ada", method: "POST", statusCode: 200 });
  });
});
