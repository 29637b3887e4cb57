import { expect } from "chai";
import { serviceMetrics } from "../../../src/adapters/metrics/service_metrics.ts";
import { startWatching } from "../../../src/composition/watching/start_watching.ts";
import { createLogger } from "../../../src/kit/logger.ts";
import { settingsOf } from "../../rig/settings_of.ts";
import { GOOD_CARD, startBilling } from "../../rig/started_billing.ts";

const TOKEN = "a-token-for-metrics-0123456789";
const bearer = { headers: { Authorization: `Bearer ${TOKEN}` } };

/** The samples of a reading by name and labels. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ""), Number(line.split(" ").at(-1))]));
}

describe("GET /metrics", () => {
  it("tells what happened from a purchase to a send, to whoever has the token", async () => {
    const running = await startBilling({ METRICS_TOKEN: TOKEN });
    const { url } = running.service;
    try {
      await running.buy({ planSlug: "starter" }, GOOD_CARD);
      await running.subscription();
      expect((await fetch(`${url}/metrics`)).status).to.equal(401);
      const wrong = { headers: { Authorization: `Bearer ${TOKEN}x` } };
      expect((await fetch(`${url}/metrics`, wrong)).status).to.equal(401);
      const answer = await fetch(`${url}/metrics`, bearer);
      expect(answer.headers.get("Content-Type")).to.match(/^text\/plain/);
      const samples = samplesOf(await answer.text());
      const at = (name: string) => samples.get(name) ?? 0;
      expect(at('billing_events{state="dead"}')).to.equal(0);
      expect(at('billing_event_handlings_total{state="done"}')).to.be.greaterThan(0);
      expect(at('billing_ledger_entries_total{kind="grant"}')).to.be.greaterThan(0);
      expect(at("billing_webhook_lag_seconds_count")).to.be.greaterThan(0);
      expect(at("billing_store_up")).to.equal(1);
      expect(at("billing_clock_trusted")).to.equal(1);
      expect(at("billing_stripe_background_requests_per_second")).to.equal(10);
      expect(samples.has("nodejs_eventloop_lag_p99_seconds")).to.equal(true);
      const route = 'method="GET",route="/billing/subscription",status="200"';
      expect(at(`billing_http_request_duration_seconds_count{${route}}`)).to.be.greaterThan(0);
      const names = [...samples.keys()].join("\n");
      expect(names).to.include('layer="stripe",call="gateway.').and.include('layer="store"');
      expect(names).to.not.include(running.tenantId);
    } finally {
      await running.close();
    }
  });

  it("is not there where nobody asked for it", async () => {
    const running = await startBilling();
    try {
      expect((await fetch(`${running.service.url}/metrics`)).status).to.equal(404);
    } finally {
      await running.close();
    }
  });
});

describe("startWatching", () => {
  it("looks at nothing where nobody asked for it", async () => {
    const watching = await startWatching(settingsOf({}), createLogger({ level: "silent" }));
    expect(watching).to.include({ observe: undefined, watchRequest: undefined, metrics: null });
    await watching.stop();
  });
});

describe("serviceMetrics", () => {
  it("says that the database is down, and still answers", async () => {
    const { PortError } = await import("../../../src/application/ports/port_error.ts");
    const metrics = serviceMetrics();
    const fail = () => Promise.reject(new PortError("down", { transient: true }));
    metrics.follow({
      countEvents: fail,
      countAttention: fail,
      clockState: () => ({ verdict: "wrong", skewsMs: { stripe: 40_000 } }),
      stripeRate: () => null,
    });
    const samples = samplesOf(await metrics.read());
    expect(samples.get("billing_store_up")).to.equal(0);
    expect(samples.get("billing_clock_trusted")).to.equal(0);
    expect(samples.get('billing_clock_skew_seconds{clock="stripe"}')).to.equal(40);
  });

  it("counts how calls end, and changes nothing about them", async () => {
    const metrics = serviceMetrics();
    const failure = new Error("no");
    const call = { layer: "use_case", name: "consumeEmailQuota", args: [] };
    const answer = { type: "counted" };
    expect(await metrics.observe(call, () => Promise.resolve(answer))).to.equal(answer);
    expect(metrics.observe(call, () => 7)).to.equal(7);
    const failed = await metrics.observe(call, () => Promise.reject(failure)).catch((e) => e);
    expect(failed).to.equal(failure);
    const samples = samplesOf(await metrics.read());
    expect(samples.get('billing_quota_decisions_total{decision="counted"}')).to.equal(1);
    expect(samples.get('billing_quota_decisions_total{decision="failed"}')).to.equal(1);
  });
});
