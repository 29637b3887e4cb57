import { expect } from "chai";
import { SyncWebhookEndpoint } from "../../../src/application/installation/sync_webhook_endpoint.ts";
import type {
  CreatedEndpoint,
  WebhookEndpoint,
} from "../../../src/application/ports/events/webhook_endpoints.ts";
import { HANDLED_EVENT_TYPES } from "../../../src/domain/events/billing_event.ts";
import { API_VERSION, ScriptedEndpoints } from "./scripted_endpoints.ts";

const URL = "https://billing.example.com/billing/webhook";
const RIGHT: WebhookEndpoint = {
  endpointId: "we_right",
  url: URL,
  enabled: true,
  apiVersion: API_VERSION,
  eventTypes: HANDLED_EVENT_TYPES,
};
const OLD = { ...RIGHT, endpointId: "we_old", apiVersion: "2025-03-31.basil" };
const FOREIGN = { ...RIGHT, endpointId: "we_shop", url: "https://shop.example.com/hook" };

describe("SyncWebhookEndpoint", () => {
  let endpoints: ScriptedEndpoints;
  let kept: CreatedEndpoint[];
  let calls: string[];

  beforeEach(() => {
    endpoints = new ScriptedEndpoints();
    kept = [];
    calls = [];
    endpoints.onCall = (method) => calls.push(method);
  });

  const keepSecret = async (created: CreatedEndpoint) => void kept.push(created);

  function sync(options: { dryRun?: boolean; keep?: typeof keepSecret | null } = {}) {
    const { dryRun = false, keep = keepSecret } = options;
    return new SyncWebhookEndpoint({ endpoints }).execute({ url: URL, dryRun, keepSecret: keep });
  }

  it("creates the endpoint with exactly the events that are handled, and keeps its secret", async () => {
    endpoints.endpoints = [FOREIGN];
    expect(await sync()).to.deep.equal({
      type: "synchronized",
      plan: { change: { type: "create_endpoint", url: URL }, leftovers: [] },
    });
    expect(kept).to.deep.equal([{ endpointId: "we_2", signingSecret: "whsec_of_we_2" }]);
    expect(endpoints.endpoints[1]).to.deep.include({ url: URL, eventTypes: HANDLED_EVENT_TYPES });
    expect(endpoints.endpoints[0]).to.equal(FOREIGN);
    expect(await sync()).to.have.nested.property("plan.change", null);
  });

  it("creates none whose secret would be lost", async () => {
    expect(await sync({ keep: null })).to.include({ type: "no_place_for_secret" });
    expect(calls).to.deep.equal(["list"]);
  });

  it("leaves an endpoint alone that is as it should be, whatever its address looks like", async () => {
    const url = "https://BILLING.example.com:443/billing/webhook";
    endpoints.endpoints = [{ ...RIGHT, url, eventTypes: HANDLED_EVENT_TYPES.toReversed() }];
    expect(await sync()).to.deep.equal({
      type: "synchronized",
      plan: { change: null, leftovers: [] },
    });
    expect(calls).to.deep.equal(["list"]);
  });

  it("adds the events that are missing, takes away all others, and enables it", async () => {
    const [first, ...rest] = HANDLED_EVENT_TYPES;
    endpoints.endpoints = [{ ...RIGHT, enabled: false, eventTypes: [...rest, "invoice.created"] }];
    const change = {
      type: "update_endpoint",
      endpointId: "we_right",
      enable: true,
      add: [first],
      remove: ["invoice.created"],
    };
    expect(await sync({ dryRun: true })).to.have.deep.nested.property("plan.change", change);
    expect(calls, "a dry run changes nothing").to.deep.equal(["list"]);
    expect(await sync()).to.deep.equal({ type: "synchronized", plan: { change, leftovers: [] } });
    expect(endpoints.endpoints).to.deep.equal([RIGHT]);
  });

  it("names single events where an endpoint has them all by a star", async () => {
    endpoints.endpoints = [{ ...RIGHT, eventTypes: ["*"] }];
    const { plan } = await sync();
    expect(plan.change).to.deep.include({ add: [...HANDLED_EVENT_TYPES], remove: ["*"] });
  });

  it("makes one of the right version beside an older one, which it reports and leaves", async () => {
    const account = { ...OLD, endpointId: "we_account", apiVersion: null };
    const disabled = { ...OLD, endpointId: "we_disabled", enabled: false };
    endpoints.endpoints = [OLD, account, disabled];
    const { plan } = await sync();
    expect(plan).to.deep.equal({
      change: { type: "create_endpoint", url: URL },
      leftovers: [OLD, account],
    });
    expect(endpoints.endpoints.slice(0, 3)).to.deep.equal([OLD, account, disabled]);
    const { plan: next } = await sync();
    expect(next).to.deep.equal({ change: null, leftovers: [OLD, account] });
  });

  it("keeps the enabled one of two, and reports a second that is enabled", async () => {
    const disabled = { ...RIGHT, endpointId: "we_disabled", enabled: false };
    endpoints.endpoints = [disabled, RIGHT];
    expect((await sync()).plan).to.deep.equal({ change: null, leftovers: [] });
    const second = { ...RIGHT, endpointId: "we_second" };
    endpoints.endpoints = [RIGHT, second];
    expect((await sync()).plan).to.deep.equal({ change: null, leftovers: [second] });
  });
});

describe("HANDLED_EVENT_TYPES", () => {
  it("never asks for invoice.created, which holds up invoices, and names each event once", () => {
    expect(HANDLED_EVENT_TYPES).to.not.include("invoice.created");
    expect(new Set(HANDLED_EVENT_TYPES).size).to.equal(HANDLED_EVENT_TYPES.length);
  });
});
