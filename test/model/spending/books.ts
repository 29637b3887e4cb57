import type { State, Tables } from "../../../sandbox/state/state.ts";
import type {
  WireBalanceTransaction,
  WireCharge,
  WireCustomerBalanceTransaction,
  WireInvoice,
  WirePrice,
} from "../../../sandbox/state/wire.ts";

/*
 * What money has come from a tenant, and for what: read from the provider's books alone, by code
 * that shares nothing with the service.
 */

/** An invoice and the money that came for it. */
export interface Billed {
  readonly invoice: WireInvoice;
  /** In minor units, less what went back. */
  readonly money: number;
  /** The attempts to pay it. */
  readonly charges: readonly WireCharge[];
}

/** The provider's books about one tenant. */
export interface Books {
  /** Oldest first. */
  readonly billed: readonly Billed[];
  /** What was put onto the customer's balance and taken from it, oldest first. */
  readonly balance: readonly WireCustomerBalanceTransaction[];
  readonly prices: ReadonlyMap<string, WirePrice>;
}

type Shelves = Tables<
  | "customers"
  | "checkoutSessions"
  | "subscriptions"
  | "invoices"
  | "invoicePayments"
  | "charges"
  | "refunds"
  | "disputes"
  | "balanceTransactions"
  | "customerBalanceTransactions"
  | "prices"
>;

/** Opens the books about a tenant; of a customer that was deleted its Checkouts still tell. */
export function booksOf(state: State, tenantId: string): Books {
  const ids = [
    ...[...state.customers.values()].filter(({ metadata }) => metadata.tenantId === tenantId),
    ...[...state.checkoutSessions.values()]
      .filter((session) => session.client_reference_id === tenantId)
      .map(({ customer }) => ({ id: String(customer) })),
  ].map(({ id }) => id);
  const invoices = [...state.invoices.values()].filter(({ customer }) =>
    ids.includes(String(customer)),
  );
  return {
    billed: invoices.map((invoice) => billedOf(state, invoice)),
    balance: [...state.customerBalanceTransactions.values()].filter(({ customer }) =>
      ids.includes(String(customer)),
    ),
    prices: state.prices,
  };
}

function billedOf(state: Shelves, invoice: WireInvoice): Billed {
  const intents = [...state.invoicePayments.values()]
    .filter((record) => record.invoice === invoice.id)
    .map(({ payment }) => payment.payment_intent);
  const charges = [...state.charges.values()].filter(
    ({ payment_intent: intent }) => intent !== null && intents.includes(intent as string),
  );
  const ids = new Set(charges.map(({ id }) => id));
  const movers = new Set([
    ...ids,
    ...[...state.refunds.values()].filter((one) => ids.has(String(one.charge))).map(idOf),
    ...[...state.disputes.values()].filter((one) => ids.has(String(one.charge))).map(idOf),
  ]);
  const money = [...state.balanceTransactions.values()]
    .filter(({ source }: WireBalanceTransaction) => movers.has(String(source)))
    .reduce((sum, { amount }) => sum + amount, 0);
  return { invoice, money: money + (invoice.amount_paid_off_stripe ?? 0), charges };
}

function idOf({ id }: { id: string }): string {
  return id;
}

/** What the tenant has paid in all, in minor units, less what went back. */
export function moneyIn({ billed }: Books): number {
  return billed.reduce((sum, { money }) => sum + money, 0);
}
