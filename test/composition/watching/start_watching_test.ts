import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { type StartedBilling, startBilling } from "../../rig/started_billing.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { undocumentedAnswers } from "../../rig/watched_answers.ts";

/** A port that nothing listens on just now. */
async function freePort(): Promise<number> {
  const server = await listening(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

describe("METRICS_PORT", () => {
  const ports = useFresh(async () => ({ metrics: await freePort(), close: async () => undefined }));

  async function withService(work: (running: StartedBilling) => Promise<void>): Promise<void> {
    const running = await startBilling({ METRICS_PORT: String(ports.metrics) });
    try {
      await work(running);
    } finally {
      await running.close();
    }
  }

  it("answers /metrics without a token, and nothing else; the API's port does not", async () => {
    await withService(async ({ service, subscription }) => {
      const own = `http://127.0.0.1:${ports.metrics}`;
      await subscription();
      const answer = await fetch(`${own}/metrics`);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get("Content-Type")).to.match(/^text\/plain/);
      expect(await answer.text()).to.include('route="/billing/subscription",status="200"');
      for (const path of ["/", "/healthz", "/billing/plans", "/metrics/", "/docs"]) {
        expect((await fetch(`${own}${path}`)).status, path).to.equal(404);
      }
      expect((await fetch(`${own}/metrics`, { method: "POST" })).status).to.equal(404);
      expect((await fetch(`${service.url}/metrics`)).status).to.equal(404);
      // The API's paths are none of this port's, so that its answers are not the document's.
      expect(await undocumentedAnswers()).to.have.length(2);
    });
  });

  it("is closed when the service has stopped", async () => {
    await withService(async () => undefined);
    const gone = await fetch(`http://127.0.0.1:${ports.metrics}/metrics`).catch(() => "refused");
    expect(gone).to.equal("refused");
  });

  it("that another process uses keeps the service from starting, and says so", async () => {
    const other = await listening(ports.metrics);
    try {
      const outcome = await startBilling({ METRICS_PORT: String(ports.metrics) }).catch(
        (error: Error) => error.message,
      );
      expect(outcome).to.equal(
        `Cannot listen on 127.0.0.1:${ports.metrics}: another process uses the port; set ` +
          "METRICS_PORT to a free one",
      );
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
