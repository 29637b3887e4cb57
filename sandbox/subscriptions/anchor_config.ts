import type { WireSubscription } from "../state/wire.ts";

type AnchorConfig = NonNullable<WireSubscription["billing_cycle_anchor_config"]>;

/**
 * The first instant from `now` on that a `billing_cycle_anchor_config` names, in Unix seconds. What
 * it leaves open is taken from `now`; a day that a month lacks is its last one.
 */
export function anchorOf(config: AnchorConfig, now: number): number {
  const from = new Date(now * 1000);
  for (let months = 0; months <= 24; months += 1) {
    const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
    const [year, month] = [first.getUTCFullYear(), first.getUTCMonth()];
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const at =
      Date.UTC(
        year,
        month,
        Math.min(config.day_of_month, lastDay),
        config.hour ?? from.getUTCHours(),
        config.minute ?? from.getUTCMinutes(),
        config.second ?? from.getUTCSeconds(),
      ) / 1000;
    if (at >= now && (config.month === null || config.month === month + 1)) {
      return at;
    }
  }
  throw new TypeError("Cannot find an anchor: no month of two years has the day");
}
