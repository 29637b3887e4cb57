/**
 * What Stripe's documentation leaves open and nobody here could try against Stripe, each with the
 * ways that it may be, the likelier one first. `docs/sandbox.md` says more about each.
 */
export const ASSUMPTIONS = {
  /**
   * Another interval for an item under flexible billing, with the anchor left unchanged: the item's
   * period follows the anchor and the difference is prorated, or a new period begins.
   */
  intervalChange: ["keeps_anchor", "restarts_period"],
  /** Whether a credit names the line of a debit that comes to stand on the same invoice. */
  creditedPending: ["absent", "own_invoice"],
  /** Which invoice must be paid before a subscription that is behind is active again. */
  reactivation: ["latest_finalized", "latest"],
  /**
   * What becomes of an upgrade in the Portal whose charge is declined: it stays and the subscription
   * is past due, nothing changes, or the change is pending until it is paid.
   */
  portalDecline: ["keeps_change", "refuses_change", "pends_change"],
  /**
   * A subscription whose first invoice a bank debit pays is active meanwhile. One that fails voids
   * the invoice and leaves the subscription active, or makes it past due; or it is incomplete until
   * the debit has paid.
   */
  firstDebit: ["voids_invoice", "past_due", "incomplete"],
  /**
   * An invoice of a subscription whose automatic tax lacks a location: it is finalised without tax,
   * which is off from then on, or it stays a draft.
   */
  missingLocation: ["turns_tax_off", "keeps_draft"],
} as const satisfies Record<string, readonly [string, string, ...string[]]>;

type Ways = typeof ASSUMPTIONS;

/** The way that the sandbox plays each of the {@linkcode ASSUMPTIONS}. */
export type Assumptions = { -readonly [Name in keyof Ways]: Ways[Name][number] };

/** Each in its likelier way. */
export function likelyAssumptions(): Assumptions {
  return {
    intervalChange: ASSUMPTIONS.intervalChange[0],
    creditedPending: ASSUMPTIONS.creditedPending[0],
    reactivation: ASSUMPTIONS.reactivation[0],
    portalDecline: ASSUMPTIONS.portalDecline[0],
    firstDebit: ASSUMPTIONS.firstDebit[0],
    missingLocation: ASSUMPTIONS.missingLocation[0],
  };
}
