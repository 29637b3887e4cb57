import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import jwt from "jsonwebtoken";
import { inFolder } from "../method/in_folder.ts";
import { Load, type Shot } from "../method/load.ts";
import type { MeasuredServer } from "../method/measured_server.ts";
import { type Comparison, compare } from "../method/rounds.ts";
import { saveFreePlan } from "../method/save_free_plan.ts";
import { bareExpress, bundledService, freePort, theService, usageWhenReady } from "./start.ts";

const TENANT = "clbench0001";
const SECRET = "6f1e9a4cb7d28035e1f4a9c8b3d7062f5a8e4c1b9d3f7062";
const ROUNDS = 3;
const IDLE_MS = 2_000;
const REQUESTS = 5_000;
const AT_ONCE = 64;

/**
 * Memory that a process keeps, idle and under load, beside bare Express with `node:sqlite`. What is
 * compared is resident memory in KiB instead of time.
 */
export function memory(): Promise<readonly Comparison[]> {
  return inFolder("memory", async (folder) => {
    await saveFreePlan(join(folder, "billing.db"), 100);
    const bare = {
      start: (port: number) => bareExpress(folder, port),
      shot: bareRead(),
    };
    const bundle = bundledService();
    const service = {
      start: (port: number) =>
        theService(bundle, { folder, port, env: { AUTH_JWT_SECRET: SECRET } }),
      shot: read(),
    };
    const idle = await compare(
      {
        baseline: { name: "idle bare Express with node:sqlite", cost: () => idleOf(bare) },
        control: { name: "idle bare Express again", cost: () => idleOf(bare) },
        variants: [{ name: "memory, idle (KiB)", aim: 1 / 1.5, cost: () => idleOf(service) }],
      },
      { rounds: ROUNDS },
    );
    const load = await compare(
      {
        baseline: { name: "busy bare Express with node:sqlite", cost: () => busyOf(bare) },
        control: { name: "busy bare Express again", cost: () => busyOf(bare) },
        variants: [{ name: "memory, 64 at once (KiB)", aim: 1 / 1.7, cost: () => busyOf(service) }],
      },
      { rounds: ROUNDS },
    );
    return [idle, load];
  });
}

interface Subject {
  start(port: number): Promise<MeasuredServer>;
  readonly shot: Shot;
}

async function idleOf({ start }: Subject): Promise<number> {
  const port = await freePort();
  const server = await start(port);
  await usageWhenReady(server, port);
  await setTimeout(IDLE_MS);
  const { rss } = await server.usage();
  await server.stop();
  return rss / 1_024;
}

async function busyOf({ start, shot }: Subject): Promise<number> {
  const port = await freePort();
  const server = await start(port);
  const url = `http://127.0.0.1:${port}`;
  await usageWhenReady(server, port);
  const load = new Load(AT_ONCE);
  if (shot.path === "/subscription") {
    const headers = { ...shot.headers, "Content-Type": "application/json" };
    await load.send(url, { ...shot, method: "POST", headers, body: '{"planSlug":"free"}' });
  }
  await load.fire(
    url,
    Array.from({ length: REQUESTS }, () => shot),
  );
  const { maxRss } = await server.usage();
  load.close();
  await server.stop();
  return maxRss / 1_024;
}

function read(): Shot {
  const claims = { sub: "user-1", tenants: [{ id: TENANT, role: "ADMIN" }] };
  const token = jwt.sign(claims, SECRET, { expiresIn: 3_600 });
  const headers = { Authorization: `Bearer ${token}`, "X-Tenant-Id": TENANT };
  return { method: "GET", path: "/billing/subscription", headers };
}

function bareRead(): Shot {
  return { method: "GET", path: "/subscription", headers: { "X-Tenant-Id": TENANT } };
}
