import { inFolder } from "../method/in_folder.ts";
import { Load, type Shot } from "../method/load.ts";
import type { MeasuredServer } from "../method/measured_server.ts";
import { type Comparison, compare, type Variant } from "../method/rounds.ts";
import { type BenchTenant, HttpWorld } from "./http_world.ts";

const TENANTS = 100;
const ROUNDS = 9;

type Server = MeasuredServer & { readonly url: string };

/** What one request of each server is. */
interface Route {
  readonly name: string;
  readonly aim?: number;
  readonly server: Server;
  shots(round: number): readonly Shot[];
  /** Whether what requests leave behind counts, too. */
  readonly settles?: boolean;
}

/** Webhooks: one that came before, and one that is new, handled to its end. */
export function webhook(): Promise<readonly Comparison[]> {
  return inFolder("webhook", async (folder) => {
    const perRound = 150;
    const firsts = 20;
    const unknown = firsts * (ROUNDS + 1);
    const world = await HttpWorld.start(folder, { known: TENANTS, unknown });
    const { billing, bare, bareAgain } = world;
    const load = new Load(8);
    const events = world.tenants.slice(0, TENANTS).map((tenant) => world.event(tenant, ""));
    await load.fire(
      billing.url,
      events.map(({ again }) => again("/billing/webhook")),
    );
    await billing.settle();
    const known = (path: string) => () =>
      cycle(events, 2 * perRound).map(({ again }) => again(path));
    const fresh = (path: string) => () =>
      cycle(world.tenants.slice(0, TENANTS), perRound).map(
        (tenant) => world.event(tenant, path).shot,
      );
    const first = (round: number) =>
      world.tenants
        .slice(TENANTS + round * firsts, TENANTS + (round + 1) * firsts)
        .map((tenant) => world.event(tenant, "/billing/webhook").shot);
    const duplicates = await compareRoutes(load, {
      baseline: { name: "a bare route that verifies", server: bare, shots: known("/verified") },
      again: bareAgain,
      routes: [
        { name: "webhook, duplicate", aim: 0.5, server: billing, shots: known("/billing/webhook") },
      ],
    });
    const news = await compareRoutes(load, {
      baseline: {
        name: "a bare route that verifies and stores",
        server: bare,
        shots: fresh("/stored"),
      },
      again: bareAgain,
      routes: [
        {
          name: "webhook, new event",
          aim: 0.4,
          server: billing,
          shots: fresh("/billing/webhook"),
          settles: true,
        },
        {
          name: "webhook, first event of a plan",
          server: billing,
          shots: first,
          settles: true,
        },
      ],
    });
    load.close();
    await world.stop();
    return [duplicates, news];
  });
}

/** `GET /billing/subscription`, beside a route that checks the token and looks up one row. */
export function subscription(): Promise<readonly Comparison[]> {
  return inFolder("subscription", async (folder) => {
    const perRound = 400;
    const world = await HttpWorld.start(folder, { known: TENANTS, unknown: 0 });
    const load = new Load(16);
    const reads = (path: string) => shotsOf(world.tenants, (tenant) => world.read(tenant, path));
    const [bare, ours] = [reads("/subscription"), reads("/billing/subscription")];
    const comparison = await compareRoutes(load, {
      baseline: {
        name: "a bare route with a token and one lookup",
        server: world.bare,
        shots: () => cycle(bare, perRound),
      },
      again: world.bareAgain,
      routes: [
        {
          name: "GET /billing/subscription",
          aim: 0.45,
          server: world.billing,
          shots: () => cycle(ours, perRound),
        },
      ],
    });
    load.close();
    await world.stop();
    return [comparison];
  });
}

/** `POST /billing/usage/emails`, 64 at once, beside a route with one conditional `UPDATE`. */
export function quotaOverRest(): Promise<readonly Comparison[]> {
  return inFolder("quota-rest", async (folder) => {
    const perRound = 640;
    const path = "/billing/usage/emails";
    const world = await HttpWorld.start(folder, { known: TENANTS, unknown: 0 });
    const load = new Load(64);
    const bare = shotsOf(world.tenants, (tenant) => world.count(tenant, "/usage/emails"));
    const ours = shotsOf(world.tenants, (tenant) => world.count(tenant, path));
    let keys = 0;
    const keyed = () =>
      cycle(ours, perRound).map((shot): Shot => {
        keys += 1;
        return { ...shot, body: JSON.stringify({ count: 1, key: `send ${keys}` }) };
      });
    const comparison = await compareRoutes(load, {
      baseline: {
        name: "a bare route with a token and one conditional UPDATE",
        server: world.bare,
        shots: () => cycle(bare, perRound),
      },
      again: world.bareAgain,
      routes: [
        {
          name: "quota over REST, 64 at once",
          aim: 1,
          server: world.billing,
          shots: () => cycle(ours, perRound),
        },
        { name: "quota over REST with a key", server: world.billing, shots: keyed },
      ],
    });
    load.close();
    await world.stop();
    return [comparison];
  });
}

function compareRoutes(
  load: Load,
  { baseline, again, routes }: { baseline: Route; again: Server; routes: readonly Route[] },
): Promise<Comparison> {
  const measured = ({ server, shots, settles, ...named }: Route): Variant => ({
    ...named,
    cost: (round) => load.costOf(server, shots(round), settles),
  });
  return compare(
    {
      baseline: measured(baseline),
      control: measured({ ...baseline, server: again }),
      variants: routes.map(measured),
    },
    { rounds: ROUNDS },
  );
}

function shotsOf(tenants: readonly BenchTenant[], shot: (tenant: BenchTenant) => Shot) {
  return tenants.map(shot);
}

function cycle<T>(items: readonly T[], count: number): readonly T[] {
  return Array.from({ length: count }, (_, at) => items[at % items.length]).filter(
    (item) => item !== undefined,
  );
}
