import { expect } from "chai";
import { adminHeaders, useService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { token } from "../../../samples/http.ts";

const OPERATOR = {
  Authorization: `Bearer ${token({ tenants: "*", scope: "billing:admin" })}`,
  "Content-Type": "application/json",
};
const WISH = { url: "https://hooks.example.com/billing", events: ["tokens.exhausted"] };

describe("webhook endpoints over HTTP", () => {
  const service = useService();

  function ask(path: string, body?: object, method = body === undefined ? "GET" : "POST") {
    return service.send(`/billing${path}`, { method, headers: OPERATOR, body });
  }

  it("adds an endpoint, whose secret is told once, lists it, and removes it", async () => {
    const added = await ask("/webhook-endpoints", WISH);
    expect(added.status).to.equal(201);
    const { secret, ...shown } = added.body;
    expect(secret).to.match(/^whsec_[0-9a-f]{64}$/);
    expect(shown).to.include({ url: WISH.url, secrets: 1 });
    expect((await ask("/webhook-endpoints")).body).to.deep.equal({ data: [shown] });
    const rotated = await ask(`/webhook-endpoints/${shown.id}/secret`, {});
    expect(rotated.status).to.equal(200);
    expect(rotated.body).to.include({ secrets: 2 });
    expect(rotated.body.secret).not.to.equal(secret);
    expect((await ask(`/webhook-endpoints/${shown.id}`, undefined, "DELETE")).status).to.equal(200);
    expect((await ask("/webhook-endpoints")).body).to.deep.equal({ data: [] });
    const gone = await ask(`/webhook-endpoints/${shown.id}`, undefined, "DELETE");
    expect([gone.status, gone.body.code]).to.deep.equal([404, "unknown_webhook_endpoint"]);
    const unknown = await ask(`/webhook-endpoints/${shown.id}/secret`, {});
    expect(unknown.status).to.equal(404);
  });

  it("refuses addresses and events that cannot be, and says why", async () => {
    const local = await ask("/webhook-endpoints", { ...WISH, url: "https://169.254.169.254/" });
    expect([local.status, local.body.code]).to.deep.equal([400, "invalid_webhook_url"]);
    expect(local.body.message).to.equal("The address must be of a public host");
    for (const body of [
      {},
      { ...WISH, events: [] },
      { ...WISH, events: ["x"] },
      { ...WISH, a: 1 },
    ]) {
      const refused = await ask("/webhook-endpoints", body);
      expect([refused.status, refused.body.code]).to.deep.equal([400, "invalid_body"]);
    }
  });

  it("shows the delivery log, page by page, and replays", async () => {
    const { body } = await ask("/webhook-endpoints", WISH);
    for (const position of [1, 2]) {
      await service.store.deliveries.add({
        id: `d${position}`,
        targetId: String(body.id),
        lane: "lane",
        position,
        type: "tokens.exhausted",
        body: '{"id":"n1"}',
        createdAt: service.fixture.now,
      });
    }
    const path = `/webhook-endpoints/${body.id}/deliveries`;
    const first = await ask(`${path}?limit=1`);
    const [delivery] = first.body.data as { id: string }[];
    const expected = { id: "d2", state: "waiting", notification: { id: "n1" }, log: [] };
    expect(delivery).to.deep.include(expected);
    const { nextCursor } = first.body.meta as { nextCursor: string };
    const second = await ask(`${path}?limit=1&cursor=${nextCursor}`);
    expect((second.body.data as { id: string }[]).map(({ id }) => id)).to.deep.equal(["d1"]);
    const replayed = await ask(`${path}/d1/replay`, {});
    expect(replayed.body).to.include({ id: "d1", state: "waiting" });
    expect((await ask(`${path}/d3/replay`, {})).body.code).to.equal("unknown_delivery");
    expect((await ask("/webhook-endpoints/whe_0/deliveries/d1/replay", {})).status).to.equal(404);
  });

  it("lets operators only near them", async () => {
    for (const headers of [adminHeaders(), { ...OPERATOR, Authorization: `Bearer ${token()}` }]) {
      expect((await service.send("/billing/webhook-endpoints", { headers })).status).to.equal(403);
    }
  });
});

describe("alerts over HTTP", () => {
  const service = useService();

  it("shows the defaults, and what was set instead, ascending and each once", async () => {
    const headers = adminHeaders();
    const before = await service.send("/billing/alerts", { headers });
    const defaults = { emailPercentages: [50, 80, 90, 100], tokensBelow: null };
    expect(before.body).to.deep.equal(defaults);
    const body = { emailPercentages: [90, 75, 90], tokensBelow: 1_000 };
    const set = await service.send("/billing/alerts", { method: "PUT", body });
    expect(set.body).to.deep.equal({ emailPercentages: [75, 90], tokensBelow: 1_000 });
    expect((await service.send("/billing/alerts", { headers })).body).to.deep.equal(set.body);
    expect((await service.billing.readAlerts.execute({ tenantId: TENANT })).tokensBelow).to.equal(
      1_000,
    );
  });

  it("refuses what cannot be", async () => {
    for (const body of [
      {},
      { emailPercentages: [0], tokensBelow: null },
      { emailPercentages: [101], tokensBelow: null },
      { emailPercentages: [], tokensBelow: 0 },
      { emailPercentages: [], tokensBelow: 1.5 },
    ]) {
      const refused = await service.send("/billing/alerts", { method: "PUT", body });
      expect(refused.status, JSON.stringify(body)).to.equal(400);
    }
  });
});
