import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { startServiceProcess } from "../service_process.ts";
import type { Table } from "../table.ts";

const CLIENTS = 50;
/** Long enough for a machine that is busy with other things. */
const DRAIN_SECONDS = 6;
const LOOK_MS = 20;

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
    const outcomes: string[] = [];
    let isOver = false;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!isOver) {
        outcomes.push(await post(service.url, agent));
        await pause(5);
      }
    });
    const answered = async (count: number) => {
      while (outcomes.length < count) {
        await pause(LOOK_MS);
      }
    };
    await answered(4 * CLIENTS);
    service.program.signal(isPlanted ? "SIGKILL" : "SIGTERM");
    const ready = await unready(service.url);
    const before = outcomes.length;
    await answered(before + 4 * CLIENTS);
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
    const code = await service.program.exited();
    await service.close();
    return [
      { what: "/readyz fails first", held: ready === 503 },
      {
        what: `every request of the drain is answered (${[...new Set(outcomes)]})`,
        held: outcomes.every((outcome) => outcome === "401"),
      },
      { what: "requests are taken when it is ready no more", held: outcomes.at(before) === "401" },
      { what: "it ends by itself", held: code === 0 },
    ];
  },
};

/** What `/readyz` answers when it is 200 no more; 0 where it is not answered. */
async function unready(url: string): Promise<number> {
  for (;;) {
    const status = await fetch(`${url}/readyz`).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    if (status !== 200) {
      return status;
    }
    await pause(LOOK_MS);
  }
}

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
