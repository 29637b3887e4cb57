import { expect } from "chai";
import type { Received } from "../../../rig/service_rig.ts";
import { useShared } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";
import { FOREIGN_TENANT, token } from "../../../samples/http.ts";
import { deliver, eventBody, startWithCustomer } from "./stripe_delivery.ts";

describe("the events routes", () => {
  const service = useShared(() => startWithCustomer());

  before(async () => {
    await deliver(service, eventBody("evt_done"));
    await deliver(service, eventBody("evt_ignored", { type: "plan.deleted" }));
    const stranger = { data: { object: { id: "sub_9", customer: "cus_stranger" } } };
    await deliver(service, eventBody("evt_unmatched", stranger));
  });

  function asOperator(path: string, claims: object = {}, method = "GET"): Promise<Received> {
    const bearer = token({ scope: "billing:usage billing:admin", tenants: "*", ...claims });
    const headers = { Authorization: `Bearer ${bearer}` };
    return service.send(`/billing${path}`, { method, headers });
  }

  it("P35 refuse whoever has no admin scope, and services of some tenants only", async () => {
    const cases: [object, number, string | undefined][] = [
      [{ scope: undefined }, 403, "scope_insufficient"],
      [{ scope: "billing:usage" }, 403, "scope_insufficient"],
      [{ scope: "billing:administrator" }, 403, "scope_insufficient"],
      [{ scope: ["billing:admin"] }, 403, "scope_insufficient"],
      [{ tenants: [{ id: TENANT, role: "OWNER" }] }, 403, "tenants_restricted"],
      [{ tenants: [TENANT, FOREIGN_TENANT] }, 403, "tenants_restricted"],
      [{ tenants: undefined }, 403, "tenants_restricted"],
      [{ tenants: ["*"] }, 403, "tenants_restricted"],
      [{ tenants: null }, 403, "tenants_restricted"],
      [{ scope: "billing:admin" }, 200, undefined],
    ];
    for (const [claims, status, code] of cases) {
      const answer = await asOperator("/events", claims);
      expect(answer.status, JSON.stringify(claims)).to.equal(status);
      expect(answer.body.code, JSON.stringify(claims)).to.equal(code);
    }
  });

  it("P08 GET /events shows each event without what Stripe sent, page by page", async () => {
    const first = await asOperator("/events?limit=2");
    expect(first.status).to.equal(200);
    const data = first.body.data as Record<string, unknown>[];
    expect(data).to.have.length(2);
    expect(data[0]).to.have.keys(
      "id",
      "type",
      "state",
      "reason",
      "attempts",
      "createdAt",
      "receivedAt",
      "nextAttemptAt",
      "customerId",
      "connectedAccount",
      "livemode",
    );
    const { nextCursor } = first.body.meta as { nextCursor: string };
    const second = await asOperator(`/events?limit=2&cursor=${nextCursor}`);
    expect(second.body.meta).to.deep.equal({ nextCursor: null });
    const all = [...data, ...(second.body.data as typeof data)];
    expect(all.map(({ state }) => state)).to.have.members(["done", "ignored", "unmatched"]);
  });

  it("P08 GET /events keeps to a state and a type", async () => {
    const ids = async (query: string) => {
      const { body } = await asOperator(`/events?${query}`);
      return (body.data as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids("state=unmatched")).to.deep.equal(["evt_unmatched"]);
    expect(await ids("type=plan.deleted")).to.deep.equal(["evt_ignored"]);
    expect(await ids("type=plan.deleted&state=done")).to.deep.equal([]);
  });

  it("GET /events names every parameter that is wrong", async () => {
    for (const [query, field] of [
      ["state=lost", "state"],
      ["limit=0", "limit"],
      ["limit=101", "limit"],
      ["limit=2&limit=3", "limit"],
      ["cursor=nonsense", "cursor"],
      ["cursor=WzEsMiwzXQ", "cursor"],
      ["tenant=x", "tenant"],
    ]) {
      const { status, body } = await asOperator(`/events?${query}`);
      expect(status, query).to.equal(400);
      expect(body.code).to.equal("invalid_query");
      expect((body.details as { field: string }[])[0]?.field).to.equal(field);
    }
  });

  it("P08 GET /events/{id} shows what Stripe sent; 404 for others", async () => {
    const { status, body } = await asOperator("/events/evt_done");
    expect(status).to.equal(200);
    expect(body).to.deep.include({ id: "evt_done", state: "done", attempts: 1 });
    expect(body.payload).to.deep.equal(JSON.parse(eventBody("evt_done")));
    for (const id of ["evt_none", "__proto__", "%00", "a%2Fb"]) {
      expect((await asOperator(`/events/${id}`)).status, id).to.equal(404);
    }
  });

  it("P05 POST /events/{id}/replay runs an event again and shows it", async () => {
    const { status, body } = await asOperator("/events/evt_unmatched/replay", {}, "POST");
    expect(status).to.equal(200);
    expect(body).to.deep.include({ id: "evt_unmatched", state: "unmatched", attempts: 1 });
    const unknown = await asOperator("/events/evt_none/replay", {}, "POST");
    expect([unknown.status, unknown.body.code]).to.deep.equal([404, "unknown_event"]);
  });

  it("P10 POST /events/{id}/replay answers 409 while the event is in handling", async () => {
    const now = new Date("2026-06-30T12:00:00.000Z");
    const until = new Date(now.getTime() + 60_000);
    await service.store.inbox.requeue("evt_ignored", now);
    await service.store.inbox.claim("evt_ignored", { token: "other", now, until });
    const { status, body } = await asOperator("/events/evt_ignored/replay", {}, "POST");
    expect([status, body.code]).to.deep.equal([409, "event_in_progress"]);
  });
});
