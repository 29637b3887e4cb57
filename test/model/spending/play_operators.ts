import type { State } from "../../../sandbox/state/state.ts";
import type { WireInvoice } from "../../../sandbox/state/wire.ts";
import type { Tally } from "../tally.ts";
import type { Template } from "../world.ts";
import { type Billed, booksOf } from "./books.ts";
import { type OperatorEvent, operate } from "./operator_events.ts";
import { Scene } from "./scene.ts";
import { DUNNINGS } from "./tenant_history.ts";

const HOUR_MS = 3_600_000;
const HOUR = 3_600;

/** What operators do, and the account's dunning, by its place in `DUNNINGS`. */
export interface OperatorHistory {
  readonly dunning: number;
  readonly events: readonly OperatorEvent[];
}

/** Where a tenant stands in the end. What was made good depends on the looks, and is left out. */
export interface Stand {
  readonly plan: string;
  readonly reason: string;
  /** `null` where a month may have begun while it was lent or granted, and was owed afterwards. */
  readonly left: {
    readonly emails: { readonly limit: number | null; readonly used: number };
    readonly tokens: number;
  } | null;
}

/**
 * Plays a history; where `seen` is false, nobody looks but when something is used. No webhook ever
 * comes.
 */
export function playOperators(
  { dunning, events }: OperatorHistory,
  template: Template,
  { seen, tally }: { seen: boolean; tally: Tally },
): Promise<Stand> {
  return Scene.play(template, async (scene) => {
    const { tenant, world } = scene;
    Object.assign(world.provider.state.dunning, DUNNINGS[dunning]);
    tenant.spends = false;
    await scene.subscribe("pro");
    for (const event of events) {
      const from = tenant.nowMs;
      const to = from + event.afterHours * HOUR_MS;
      for (const [moment, skewMs] of event.looks.toSorted(([a], [b]) => a - b)) {
        world.provider.advanceTo(from + Math.round(((to - from) * moment) / 1_000));
        if (seen) {
          world.setClock(1, skewMs);
          await tenant.lookAnyway(1);
        }
      }
      world.provider.advanceTo(to);
      await operate(scene, event, tally);
      if (seen) {
        world.setClock(1, 5_000);
        await tenant.lookAnyway(1);
      }
      if (event.uses > 0) {
        await tenant.lookAnyway(0);
        await tenant.useShare(event.uses / 100);
      }
    }
    world.provider.advanceTo(tenant.nowMs + HOUR_MS);
    await tenant.lookAnyway(0);
    countInvoices(world.provider.state, tally);
    return await standOf(scene);
  });
}

async function standOf({ tenant, world }: Scene): Promise<Stand> {
  const { tenantId, plan, reason } = tenant;
  const { billed } = booksOf(world.provider.state, tenantId);
  const now = Math.floor(tenant.nowMs / 1_000);
  if (billed.some((one) => wasTakenBack(one, world.provider.state, now))) {
    return { plan, reason, left: null };
  }
  const { emails } = await world.process(0).readUsage.execute({ tenantId });
  const { balance } = await world.process(0).readTokens.execute({ tenantId, limit: 1 });
  const { limit, used } = emails;
  return { plan, reason, left: { emails: { limit, used }, tokens: balance.monthly } };
}

/** Whether an invoice counted as settled for a while, and was owed after that. */
function wasTakenBack({ invoice, charges }: Billed, { subscriptions }: State, now: number) {
  const { due_date: due, status } = invoice;
  const id = invoice.parent?.subscription_details?.subscription;
  const isPaused = (subscriptions.get(String(id))?.pause_collection ?? null) !== null;
  const failed = charges.some(
    ({ payment_method_details: method, status: outcome }) =>
      method?.type !== "card" && outcome === "failed",
  );
  const paid = invoice.status_transitions.paid_at ?? (status === "paid" ? now : null);
  const overdue = due !== null && due < (paid ?? now);
  const kept = status === "draft" && invoice.created + HOUR < now;
  const granted = kept || reasonOf(invoice) === "subscription_paused";
  return failed || overdue || (granted && !isPaused);
}

function reasonOf({ status_details: details }: WireInvoice): string | null {
  return details?.uncollectible?.reason ?? null;
}

function countInvoices({ invoices }: State, tally: Tally): void {
  for (const invoice of invoices.values()) {
    const reason = reasonOf(invoice);
    tally.count(`invoice ${invoice.status}`);
    tally.count(`uncollectible: ${reason}`, reason === null ? 0 : 1);
  }
}
