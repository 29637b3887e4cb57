import { setTimeout } from "node:timers/promises";
import type { Account } from "../account.ts";
import { nextRenewalAt } from "../engine/time/due.ts";
import type { PagePorts } from "./page_ports.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONTH_MS = 31 * DAY_MS;

/** How long the start page waits for the webhooks of a move. */
const WEBHOOK_WAIT_MS = 10_000;

/** A move of the clock, in milliseconds. */
interface Move {
  toMs: number;
  /** Whether the clock goes on until what fell due is charged. */
  untilCharged: boolean;
}

/** What a button of the start page asks for; undefined for no button, or where nothing renews. */
export function moveOf(account: Account, by: unknown): Move | undefined {
  const nowMs = account.nowMs();
  switch (by) {
    case "hour":
      return { toMs: nowMs + HOUR_MS, untilCharged: false };
    case "day":
      return { toMs: nowMs + DAY_MS, untilCharged: false };
    case "month":
      return { toMs: nowMs + MONTH_MS, untilCharged: true };
    case "renewal": {
      const renewalAt = nextRenewalAt(account.state);
      return renewalAt === undefined
        ? undefined
        : { toMs: Math.max(nowMs, renewalAt * 1000), untilCharged: true };
    }
    default:
      return undefined;
  }
}

/**
 * Moves the clock, and on for up to an hour where the drafts of what fell due are to be charged;
 * resolves when every webhook of all this was attempted once.
 */
export async function moveClock(
  { account, attemptedAll }: Pick<PagePorts, "account" | "attemptedAll">,
  { toMs, untilCharged }: Move,
): Promise<void> {
  account.advanceTo(toMs);
  const charges = untilCharged ? chargesBy(account, toMs + HOUR_MS) : [];
  if (charges.length > 0) {
    account.advanceTo(Math.max(...charges));
  }
  await Promise.race([attemptedAll(), setTimeout(WEBHOOK_WAIT_MS, undefined, { ref: false })]);
}

/** When the drafts in the sandbox's own time are charged that will be by then. */
function chargesBy({ state }: Account, byMs: number): number[] {
  return [...state.invoices.values()].flatMap(
    ({ status, automatically_finalizes_at: at, test_clock: clock }) =>
      status === "draft" && at !== null && clock === null && at * 1000 <= byMs ? [at * 1000] : [],
  );
}
