import { expect } from "chai";
import { type Attack, attack } from "./attack.ts";
import type { Interval, Plan } from "./moves.ts";
import type { Scene } from "./scene.ts";

/** Changes from a plan to others, a day after the other. */
async function inTurn(s: Scene, sub: string, ways: readonly (readonly [Plan, Interval])[]) {
  for (const [plan, interval] of ways) {
    await s.until((s.tenant.nowMs - s.startMs) / 86_400_000 + 1);
    await s.change(sub, plan, { interval });
  }
}

const MONTH = ["business", "month"] as const;
const YEAR = ["business", "year"] as const;

/** Changes of interval and of the period's start, which once gave a month's allowance each. */
export const INTERVAL_ATTACKS: readonly Attack[] = [
  attack("F1 a year and months in turn", [100_180, 225_804, 282_256, "business"], async (s) => {
    const sub = await s.subscribe("business", { interval: "year" });
    await inTurn(s, sub, [MONTH, YEAR, MONTH, YEAR]);
    await s.until(20);
  }),
  attack(
    "F1 a year and months in turn by a card that fails",
    [9_000, 10_000, 5_000, "starter"],
    async (s) => {
      const sub = await s.subscribe("starter", { interval: "year" });
      s.card("declines");
      await inTurn(s, sub, [YEAR, MONTH, YEAR, MONTH]);
      await s.until(10);
    },
  ),
  attack(
    "a yearly anchor moved by a day, three times",
    [99_813, 219_353, 274_192, "business"],
    async (s) => {
      const sub = await s.subscribe("business", { interval: "year" });
      await inTurn(s, sub, [YEAR, YEAR, YEAR]);
      await s.until(20);
    },
  ),
  attack("a month made a year, the anchor kept", [29_140, 166_129, 166_129, "pro"], async (s) => {
    const sub = await s.subscribe("pro");
    await s.until(10);
    await s.change(sub, "pro", { interval: "year", anchor: "unchanged" });
    await s.until(75);
  }),
  attack("business unspent, then pro by the year", [29_319, 50_000, 50_000, "pro"], async (s) => {
    s.tenant.spends = false;
    const sub = await s.subscribe("business");
    await s.until(1);
    await s.change(sub, "pro", { interval: "year" });
    s.tenant.spends = true;
    await s.until(20);
  }),
  attack(
    "N9 reservation released after a change",
    [99_319, 206_451, 258_064, "business"],
    async (s) => {
      const { tenantId } = s.tenant;
      const { reserveTokens, releaseReservation } = s.world.process(0);
      s.tenant.spends = false;
      const sub = await s.subscribe("business");
      await s.until(0.5);
      const held = { tenantId, key: "held", tokens: 100_000, expiresInSeconds: 86_400 };
      expect(await reserveTokens.execute(held)).to.have.property("type", "recorded");
      s.tenant.spends = true;
      await s.until(1);
      await s.change(sub, "business", { interval: "year" });
      await s.until(1.1);
      expect(s.tenant.used.tokens).to.be.closeTo(106_451, 1);
      await releaseReservation.execute({ tenantId, key: "held" });
      await s.until(20);
    },
  ),
  attack(
    "an end with inheritance, then bought again",
    [30_219, 210_000, 255_000, "starter"],
    async (s) => {
      const sub = await s.subscribe("business");
      await s.until(1);
      await s.change(sub, "pro", { interval: "year" });
      await s.until(2);
      await s.stripe.subscriptions.cancel(sub);
      await s.until(4);
      await s.subscribe("starter");
      await s.until(10);
    },
  ),
  attack("touched once by a clock in 2036", [5_800, 100_000, 100_000, "pro"], async (s) => {
    await s.subscribe("pro");
    await s.until(2);
    s.world.setClock(1, Date.parse("2036-01-01T00:00:00Z") - s.tenant.nowMs);
    await s.tenant.lookAnyway(1);
    await s.until(40);
  }),
];
