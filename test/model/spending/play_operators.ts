import type { Tally } from "../tally.ts";
import type { Template } from "../world.ts";
import { type OperatorEvent, operate } from "./operator_events.ts";
import { Scene } from "./scene.ts";

const HOUR_MS = 3_600_000;

/** Where a tenant stands in the end. What was made good depends on the looks, and is left out. */
export interface Stand {
  readonly plan: string;
  readonly reason: string;
  readonly emails: { readonly limit: number | null; readonly used: number };
  readonly tokens: number;
}

/**
 * Plays a history; where `seen` is false, nobody looks but when something is used. No webhook ever
 * comes.
 */
export function playOperators(
  events: readonly OperatorEvent[],
  template: Template,
  { seen, tally }: { seen: boolean; tally: Tally },
): Promise<Stand> {
  return Scene.play(template, async (scene) => {
    const { tenant, world } = scene;
    tenant.spends = false;
    await scene.subscribe("pro");
    for (const event of events) {
      const from = tenant.nowMs;
      const to = from + event.afterHours * HOUR_MS;
      for (const [moment, skewMs] of event.looks.toSorted(([a], [b]) => a - b)) {
        world.provider.advanceTo(from + Math.round(((to - from) * moment) / 1_000));
        if (seen) {
          world.skewMs[1] = skewMs;
          await tenant.lookAnyway(1);
        }
      }
      world.provider.advanceTo(to);
      await operate(scene, event, tally);
      if (seen) {
        world.skewMs[1] = 5_000;
        await tenant.lookAnyway(1);
      }
      if (event.uses > 0) {
        await tenant.lookAnyway(0);
        await tenant.useShare(event.uses / 100);
      }
    }
    world.provider.advanceTo(tenant.nowMs + HOUR_MS);
    await tenant.lookAnyway(0);
    return await standOf(scene);
  });
}

async function standOf({ tenant, world }: Scene): Promise<Stand> {
  const { tenantId, plan, reason } = tenant;
  const { emails } = await world.process(0).readUsage.execute({ tenantId });
  const { balance } = await world.process(0).readTokens.execute({ tenantId, limit: 1 });
  return {
    ...{ plan, reason, tokens: balance.monthly },
    emails: { limit: emails.limit, used: emails.used },
  };
}
