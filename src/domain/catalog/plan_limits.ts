/**
 * The countable things that plans limit. A new one is a line here, its value per plan in
 * `plans.json` and its texts in the page's `messages.js`; the file's schema, the stores, the API's
 * answers and the page follow.
 */
export const PLAN_LIMITS = [
  { name: "domains", field: "maxDomains" },
  { name: "members", field: "maxMembers" },
  { name: "templates", field: "maxTemplates" },
] as const;

/** A plan's field that limits something countable. */
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

/** The fields of {@link Limits}, in the order in which they are shown. */
export const LIMIT_FIELDS: readonly (keyof Limits)[] = [
  "monthlyEmailLimit",
  "tokensIncludedMonth",
  ...PLAN_LIMITS.map(({ field }) => field),
];

/** The countable limits, each as `limitOf` gives it. */
export function countableLimits(
  limitOf: (field: CountableLimit) => number | null,
): CountableLimits {
  const entries = PLAN_LIMITS.map(({ field }) => [field, limitOf(field)] as const);
  return Object.fromEntries(entries) as CountableLimits;
}

/** What a plan allows, without the plan's other fields. */
export function limitsOf(plan: Limits): Limits {
  const { monthlyEmailLimit, tokensIncludedMonth } = plan;
  return { monthlyEmailLimit, tokensIncludedMonth, ...countableLimits((field) => plan[field]) };
}
