/** A counted month, stored with a tenant's e-mail usage and with its last ledger entry. */
export interface UsageMonth {
  readonly name: string;
  /** `null` for a free month. */
  readonly subscriptionId: string | null;
  readonly start: Date;
  readonly end: Date;
  /** `null` is unlimited. */
  readonly allowance: number | null;
  /** Used in this month, reservations included, inheritance excluded. */
  readonly own: number;
  /** Used before it began, but counted here. */
  readonly inherited: number;
  /** Where `inherited` comes from; `null` if that month is no longer kept. */
  readonly from: Inheritance | null;
  /** Whether it was already over when it was begun; then `own` is what was made good (P26). */
  readonly missed: boolean;
}

/** Where inherited use comes from. */
export interface Inheritance {
  readonly month: string;
  /**
   * The part of that month that stays paid; `null` for inheritance that it could not take up
   * itself.
   */
  readonly kept: number | null;
}

/** The months of one measure of a tenant: looks advance them, uses are counted in them. */
export interface UsageMonths {
  /** In the order in which they began. */
  readonly months: readonly UsageMonth[];
  /** The name of the month in force; `null` before the first. */
  readonly current: string | null;
  /** When it came into force; clocks behind this change nothing. */
  readonly since: Date;
  /**
   * How often months of a clock far ahead were taken back. Such months begin again under other
   * keys.
   */
  readonly healings: number;
  /** Used in months that were taken back, until another month takes it over. */
  readonly displaced: number;
}

/** The state of a tenant that nobody has looked at yet. */
export const NO_MONTHS: UsageMonths = {
  months: [],
  current: null,
  since: new Date(0),
  healings: 0,
  displaced: 0,
};

/** Returns the month in force; `undefined` before the first. */
export function currentMonth({ months, current }: UsageMonths): UsageMonth | undefined {
  return months.find(({ name }) => name === current);
}

function leftIn({ allowance, own, inherited }: UsageMonth): number | null {
  return allowance === null ? null : Math.max(0, allowance - inherited - own);
}

/** Returns what is left of the month in force; `null` is unlimited. */
export function leftOf(usage: UsageMonths): number | null {
  const month = currentMonth(usage);
  return month === undefined ? 0 : leftIn(month);
}

/**
 * Counts a use in a month; a negative amount gives back. If another month inherited from it, that
 * one inherits less. Changes nothing if the month is no longer kept.
 */
export function useIn(usage: UsageMonths, name: string | null, amount: number): UsageMonths {
  const month = usage.months.find((one) => one.name === name);
  return month === undefined
    ? usage
    : withMonth(usage, { ...month, own: Math.max(0, month.own + amount) });
}

/** The month something was counted in. */
export interface CountedIn {
  /** The month's name; `null` if only its start is known. */
  readonly month: string | null;
  readonly start: Date;
}

/** Names the month that something was counted in; `null` if it is no longer kept. */
export function monthCountedIn(usage: UsageMonths, { month, start }: CountedIn): string | null {
  const isMeant = (one: UsageMonth) =>
    month === null ? +one.start === +start : one.name === month;
  const running = currentMonth(usage);
  const found =
    running !== undefined && isMeant(running) ? running : usage.months.findLast(isMeant);
  return found?.name ?? null;
}

/** Replaces a month and recomputes what others inherit from it. */
export function withMonth(usage: UsageMonths, changed: UsageMonth): UsageMonths {
  const months: UsageMonth[] = [];
  for (const month of usage.months) {
    months.push(withInheritance(month.name === changed.name ? changed : month, months));
  }
  return { ...usage, months };
}

/** Appends a month. */
export function addMonth(usage: UsageMonths, month: UsageMonth): UsageMonths {
  return { ...usage, months: [...usage.months, withInheritance(month, usage.months)] };
}

/** With no limit, before or after, there is nothing to inherit. */
function withInheritance(month: UsageMonth, earlier: readonly UsageMonth[]): UsageMonth {
  const { from, allowance } = month;
  const source = from === null ? undefined : earlier.find(({ name }) => name === from.month);
  if (from === null || source === undefined) {
    return month;
  }
  const unlimited = allowance === null || source.allowance === null;
  const past = source.inherited + (from.kept === null ? 0 : source.own);
  const covered = from.kept ?? source.allowance ?? 0;
  return { ...month, inherited: unlimited ? 0 : Math.max(0, past - covered) };
}
