/** A month as it is counted: part of a tenant's e-mail usage, and of its last ledger entry. */
export interface UsageMonth {
  readonly name: string;
  /** `null` for a free month. */
  readonly subscriptionId: string | null;
  readonly start: Date;
  readonly end: Date;
  /** `null` is unlimited. */
  readonly allowance: number | null;
  /** What was used in it, reservations included, what it inherited not. */
  readonly own: number;
  /** What was used before it began and is counted in it. */
  readonly inherited: number;
  /** What `inherited` follows from; `null` where the month it came from is no longer kept. */
  readonly from: Inheritance | null;
  /** Whether it was over when it was begun; then `own` is what was made good for it (P26). */
  readonly missed: boolean;
}

/** Where inherited use comes from. */
export interface Inheritance {
  readonly month: string;
  /** What of that month stays paid; `null` for what it could not take up of its own inheritance. */
  readonly kept: number | null;
}

/** The months of one measure of a tenant: the state that looks move on and uses count in. */
export interface UsageMonths {
  /** In the order in which they were begun. */
  readonly months: readonly UsageMonth[];
  /** Name of the one in force; `null` before the first. */
  readonly current: string | null;
  /** When it came into force; looks by clocks behind this one change nothing. */
  readonly since: Date;
  /** How often months of a clock far ahead were taken back; those are begun under other keys. */
  readonly healings: number;
  /** What was used of months that were taken back, until a month takes it over. */
  readonly displaced: number;
}

/** The state of a tenant that nobody has looked at. */
export const NO_MONTHS: UsageMonths = {
  months: [],
  current: null,
  since: new Date(0),
  healings: 0,
  displaced: 0,
};

/** The month in force; `undefined` before the first. */
export function currentMonth({ months, current }: UsageMonths): UsageMonth | undefined {
  return months.find(({ name }) => name === current);
}

/** What is left of a month; `null` is unlimited. */
function leftIn({ allowance, own, inherited }: UsageMonth): number | null {
  return allowance === null ? null : Math.max(0, allowance - inherited - own);
}

/** What is left of the month in force; `null` is unlimited. */
export function leftOf(usage: UsageMonths): number | null {
  const month = currentMonth(usage);
  return month === undefined ? 0 : leftIn(month);
}

/**
 * Counts something in a month; a negative amount gives back what was counted in it. Where the month
 * has an heir, that one inherits as much less. A month that is no longer kept changes nothing.
 */
export function useIn(usage: UsageMonths, name: string | null, amount: number): UsageMonths {
  const month = usage.months.find((one) => one.name === name);
  return month === undefined
    ? usage
    : withMonth(usage, { ...month, own: Math.max(0, month.own + amount) });
}

/** When something was counted. */
export interface CountedIn {
  /** The month's name; `null` where only its start is known. */
  readonly month: string | null;
  readonly start: Date;
}

/** Name of the month that something was counted in, or `null` where that is no longer kept. */
export function monthCountedIn(usage: UsageMonths, { month, start }: CountedIn): string | null {
  const isMeant = (one: UsageMonth) =>
    month === null ? +one.start === +start : one.name === month;
  const running = currentMonth(usage);
  const found =
    running !== undefined && isMeant(running) ? running : usage.months.findLast(isMeant);
  return found?.name ?? null;
}

/** Puts a month in place of the one of its name; what others inherit from it is computed anew. */
export function withMonth(usage: UsageMonths, changed: UsageMonth): UsageMonths {
  const months: UsageMonth[] = [];
  for (const month of usage.months) {
    months.push(withInheritance(month.name === changed.name ? changed : month, months));
  }
  return { ...usage, months };
}

/** Adds a month at the end. */
export function addMonth(usage: UsageMonths, month: UsageMonth): UsageMonths {
  return { ...usage, months: [...usage.months, withInheritance(month, usage.months)] };
}

/** Without a limit, before or after, there is nothing to inherit. */
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
