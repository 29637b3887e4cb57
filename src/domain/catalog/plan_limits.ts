/**
 * The countable things that plans limit. To add one, add a line here, a value per plan to
 * `plans.json` and its texts to the page's `messages/`. The file's schema, the stores, the API
 * and the page follow.
 */
export const PLAN_LIMITS = [
  { name: "domains", field: "maxDomains" },
  { name: "members", field: "maxMembers" },
  { name: "templates", field: "maxTemplates" },
] as const;

/** A countable thing that plans limit. */
export type Countable = (typeof PLAN_LIMITS)[number]["name"];

/** The field of a plan that limits a countable thing. */
export type CountableLimit = (typeof PLAN_LIMITS)[number]["field"];

/** How many of each countable thing a plan allows at once; `null` is unlimited. */
export type CountableLimits = Readonly<Record<CountableLimit, number | null>>;

/** What a plan allows. */
export interface Limits extends CountableLimits {
  /** E-mails per month; `null` is unlimited. */
  readonly monthlyEmailLimit: number | null;
  /** AI tokens granted per month. */
  readonly tokensIncludedMonth: number;
}

/** The fields of {@link Limits}, in display order. */
export const LIMIT_FIELDS: readonly (keyof Limits)[] = [
  "monthlyEmailLimit",
  "tokensIncludedMonth",
  ...PLAN_LIMITS.map(({ field }) => field),
];

/** Whether plans limit something of that name. */
export function isCountable(name: string): name is Countable {
  return PLAN_LIMITS.some((limit) => limit.name === name);
}

/** The field of a plan that limits a countable thing. @throws {RangeError} if none does */
export function countableField(of: Countable): CountableLimit {
  const found = PLAN_LIMITS.find(({ name }) => name === of);
  if (found === undefined) {
    const names = PLAN_LIMITS.map(({ name }) => name).join(", ");
    throw new RangeError(`Cannot tell the limit of "${of}": plans limit ${names}`);
  }
  return found.field;
}

/** Builds the countable limits from the value of each field. */
export function countableLimits(
  limitOf: (field: CountableLimit) => number | null,
): CountableLimits {
  const entries = PLAN_LIMITS.map(({ field }) => [field, limitOf(field)] as const);
  return Object.fromEntries(entries) as CountableLimits;
}

/** Picks a plan's limits from its other fields. */
export function limitsOf(plan: Limits): Limits {
  const { monthlyEmailLimit, tokensIncludedMonth } = plan;
  return { monthlyEmailLimit, tokensIncludedMonth, ...countableLimits((field) => plan[field]) };
}
