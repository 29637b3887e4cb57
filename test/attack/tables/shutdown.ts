import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { startServiceProcess } from "../service_process.ts";
import type { Table } from "../table.ts";

const CLIENTS = 50;
const DRAIN_SECONDS = 2;

/** A service that is told to stop under load (P03). */
export const SHUTDOWN_TABLE: Table = {
  name: "shutdown",
  plant: "it is killed instead",
  async attack(isPlanted) {
    const service = await startServiceProcess({
      DRAIN_SECONDS: String(DRAIN_SECONDS),
      RATE_LIMIT_PER_MINUTE: "1000000",
    });
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    const outcomes = new Map<string, number>();
    let isOver = false;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!isOver) {
        const outcome = await post(service.url, agent);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        await pause(5);
      }
    });
    await pause(500);
    service.program.signal(isPlanted ? "SIGKILL" : "SIGTERM");
    await pause(300);
    const ready = await fetch(`${service.url}/readyz`).then(
      ({ status }) => status,
      () => 0,
    );
    await pause(400 * DRAIN_SECONDS);
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
    const code = await service.program.exited();
    await service.close();
    return [
      { what: "/readyz fails first", held: ready === 503 },
      {
        what: "every request of the drain is answered",
        held: [...outcomes.keys()].join() === "401",
      },
      { what: "there were requests", held: (outcomes.get("401") ?? 0) > CLIENTS },
      { what: "it ends by itself", held: code === 0 },
    ];
  },
};

async function post(url: string, agent: Agent): Promise<string> {
  return await new Promise((resolve) => {
    const sent = { method: "POST", agent, headers: { "Content-Length": 2 } };
    const asked = request(`${url}/billing/checkout`, sent, (response) => {
      response.resume();
      response.once("end", () => resolve(String(response.statusCode)));
      response.once("error", (error) => resolve(String(error)));
    });
    asked.once("error", (error) => resolve(String(error)));
    asked.end("{}");
  });
}
