import { sameValue } from "../../domain/same_value.ts";
import type { BillingAccount } from "../../domain/subscription/billing_account.ts";
import { Recent } from "../recent.ts";

/** How many tenants to remember; the oldest are forgotten first. */
const MOST_TENANTS = 10_000;

/**
 * Remembers since which revision the accounts that this process has saved say the same: a look that
 * finds nothing new is saved, too, under a revision of its own. When it was looked at decides nothing
 * about a month, only whether to look again.
 */
export class UnchangedAccounts {
  readonly #ranges = new Recent<string, { readonly from: number; readonly to: number }>(
    MOST_TENANTS,
  );

  /** Takes note of a save: `after` is what was stored, `before` what it replaced. */
  note(before: BillingAccount, after: BillingAccount): void {
    const { tenantId, revision: to, lookedAt, seen } = after;
    const isSame = sameValue({ ...before, revision: to, lookedAt, seen }, after);
    const from = isSame ? this.since(before) : to;
    this.#ranges.set(tenantId, { from, to });
  }

  /** The oldest revision that says what the account says, as far as it is known. */
  since({ tenantId, revision }: Pick<BillingAccount, "tenantId" | "revision">): number {
    const range = this.#ranges.get(tenantId);
    return range?.to === revision ? range.from : revision;
  }
}
