import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { startBilling } from "../../rig/started_billing.ts";

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

/** A collector that keeps what it is sent. */
async function startCollector() {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString());
      for (const { scopeSpans } of resourceSpans) {
        for (const scope of scopeSpans) {
          spans.push(...scope.spans);
        }
      }
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${port}`, spans, close };
}

describe("startTracing", () => {
  it("sends a request's calls of store and Stripe, and an event with what it causes", async () => {
    const collector = await startCollector();
    const running = await startBilling({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await running.buy({ planSlug: "starter" });
    await running.close();
    const { spans } = collector;
    await collector.close();
    const ofTrace = (traceId: string) => spans.filter((span) => span.traceId === traceId);
    const checkout = spans.find(({ name }) => name === "POST /billing/checkout");
    const within = ofTrace(checkout?.traceId ?? "").map(({ name }) => name);
    expect(within).to.include("use_case startCheckout");
    expect(within.some((name) => name.startsWith("store accounts."))).to.equal(true);
    expect(within.some((name) => name.startsWith("stripe gateway."))).to.equal(true);
    const webhooks = spans.filter(({ name }) => name === "POST /billing/webhook");
    const caused = webhooks.flatMap(({ traceId }) => ofTrace(traceId).map(({ name }) => name));
    expect(caused).to.include.members([
      "store inbox.receive",
      "use_case handleDeliveries",
      "store ledger.append",
      "store inbox.settle",
    ]);
    expect(JSON.stringify(spans)).to.not.include(running.tenantId);
  });
});
