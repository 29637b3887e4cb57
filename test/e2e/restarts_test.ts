import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { type Service, startService } from "../../src/composition/service.ts";
import { createLogger } from "../../src/kit/logger.ts";
import { settingsOf } from "../rig/settings_of.ts";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";
import { fullCatalog } from "../samples/catalog.ts";

const RESTARTS = 20;
const CLIENTS = 50;
/** Sends requests over kept connections to one of those that it believes to be ready. */
class Balancer {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  #ready: readonly string[] = [];
  #next = 0;

  /** Asks one, and believes what it says until the next time. */
  async look(url: string): Promise<void> {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    await response?.arrayBuffer();
    const others = this.#ready.filter((other) => other !== url);
    this.#ready = response?.ok ? [...others, url] : others;
  }

  /** Whether it sends requests there. */
  uses(url: string): boolean {
    return this.#ready.includes(url);
  }

  /** A POST that is answered without a token; what else happens is a failure. */
  async post(): Promise<string> {
    this.#next += 1;
    const url = this.#ready[this.#next % this.#ready.length];
    const sent = { method: "POST", agent: this.#agent, headers: { "Content-Length": 2 } };
    return await new Promise((resolve) => {
      const asked = request(`${url}/billing/checkout`, sent, (response) => {
        response.resume();
        response.once("end", () => resolve(String(response.statusCode)));
        response.once("error", (error) => resolve(String(error)));
      });
      asked.once("error", (error) => resolve(String(error)));
      asked.end("{}");
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

describe("a service that is restarted under load", () => {
  const inFolder = useTemporaryFolder();

  async function start(drainSeconds: string): Promise<Service> {
    const settings = settingsOf({
      PORT: "0",
      SQLITE_PATH: inFolder("billing.db"),
      STRIPE_SECRET_KEY: "sk_test_unused",
      STRIPE_WEBHOOK_SECRETS: `whsec_${"a1B2".repeat(8)}`,
      RATE_LIMIT_PER_MINUTE: "1000000",
      DRAIN_SECONDS: drainSeconds,
      LOG_LEVEL: "silent",
    });
    return await startService(settings, {
      logger: createLogger({ level: "silent" }),
      sandbox: null,
    });
  }

  it(`answers every request of ${CLIENTS} clients on kept connections through ${RESTARTS} restarts`, async () => {
    const balancer = new Balancer();
    const outcomes = new Map<string, number>();
    let isOver = false;
    const store = openSqliteStore(inFolder("billing.db"));
    await store.catalog.save(fullCatalog());
    await store.close();
    let running = await start("0.8");
    await balancer.look(running.url);
    expect(await balancer.post()).to.equal("401");
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!isOver) {
        const outcome = await balancer.post();
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        await pause(2);
      }
    });
    try {
      for (let restart = 1; restart <= RESTARTS; restart += 1) {
        const old = running;
        const young = await start("0.8");
        while (!balancer.uses(young.url)) {
          await balancer.look(young.url);
        }
        const stopped = old.stop();
        running = young;
        await balancer.look(old.url);
        await stopped;
      }
    } finally {
      isOver = true;
      await Promise.allSettled(clients);
      balancer.close();
      await running.stop();
    }
    await Promise.all(clients);
    expect([...outcomes.keys()]).to.deep.equal(["401"]);
    expect(outcomes.get("401")).to.be.greaterThan(RESTARTS * CLIENTS);
  }).timeout(300_000);
});
