import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import { addFact, type ListedFacts } from "../../domain/subscription/seen/listed_facts.ts";
import { accountState } from "../../domain/subscription/seen/seen.ts";
import { textNumber } from "../../domain/text_number.ts";

const DAY_MS = 86_400_000;
/** Whoever was not looked at for this long is looked at, whatever the lists say. Days. */
const LONGEST_WITHOUT_LOOK = 28;
/** Tenants take turns from this day on, so that they do not all have theirs in one run. */
const FIRST_TURN = 14;
/** How much later than a look an invoice may appear that was created before it. */
const LATENESS_MS = 600_000;

/** How far ahead of ours the clock may have been that dated a look. */
const CLOCKS_MS = 60_000;

/** How far back a run lists invoices: a look older than that is repeated. Milliseconds. */
export const INVOICES_LISTED_MS = (LONGEST_WITHOUT_LOOK + 1) * DAY_MS;

/**
 * What the payment provider's lists say about the customers that tenants have here. Keeps two
 * numbers for each, so that a million fit into memory.
 */
export class ListedCustomers {
  readonly #began: Date;
  readonly #places = new Map<string, number>();
  readonly #facts: ListedFacts[] = [];
  readonly #newest: number[] = [];
  readonly #doubtful = new Set<string>();

  /** @param began when the reading of the lists began */
  constructor(began: Date) {
    this.#began = began;
  }

  /** Whether a list has named the customer, and a tenant has it here. */
  has(customerId: string): boolean {
    return this.#places.has(customerId);
  }

  /** Adds a customer that a tenant has. */
  put(customerId: string, fact: ListedFacts): void {
    this.#places.set(customerId, this.#facts.push(fact) - 1);
    this.#newest.push(0);
  }

  /** Adds a fact about a customer; ignores customers that no tenant has. */
  add(customerId: string, fact: ListedFacts, createdAt?: Date): void {
    const place = this.#places.get(customerId);
    if (place !== undefined) {
      this.#facts[place] = addFact(this.#facts[place] ?? 0, fact);
      this.#newest[place] = Math.max(this.#newest[place] ?? 0, createdAt?.getTime() ?? 0);
    }
  }

  /** Has a customer looked at: what the lists say cannot be read, or is not what we have. */
  doubt(customerId: string): void {
    this.#doubtful.add(customerId);
  }

  /**
   * Whether a look at the account would change nothing: the lists say what its last look saw, and it
   * is still what that look left; or it was looked at since the lists were begun. A look that is
   * dated in the future shows nothing: a clock was wrong.
   */
  confirm(account: BillingAccount, now: Date): boolean {
    const { customerId, lookedAt, seen } = account;
    if (customerId === null || lookedAt === null || seen?.state !== accountState(account)) {
      return false;
    }
    const place = this.#places.get(customerId);
    const isFuture = +lookedAt > +now + CLOCKS_MS;
    if (place === undefined || this.#doubtful.has(customerId) || isFuture) {
      return false;
    }
    if (lookedAt > this.#began) {
      return true;
    }
    return (
      seen.facts === this.#facts[place] &&
      (this.#newest[place] ?? 0) < lookedAt.getTime() - LATENESS_MS &&
      +this.#began - +lookedAt < turnOf(account) * DAY_MS
    );
  }
}

/** After how many days without a look the tenant is looked at. */
function turnOf({ tenantId }: BillingAccount): number {
  return FIRST_TURN + (textNumber(tenantId) % (LONGEST_WITHOUT_LOOK - FIRST_TURN + 1));
}
