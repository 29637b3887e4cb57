import type { Stripe } from "stripe";
import { changeBalance } from "../../engine/invoicing/balance.ts";
import { invalidRequest, resourceMissing } from "../../engine/request_error.ts";
import { emit, emitChange, type Transaction } from "../../engine/transaction.ts";
import type {
  WireCustomer,
  WireCustomerBalanceTransaction,
  WireDiscount,
} from "../../state/wire.ts";
import { customerOf } from "../customers.ts";
import { created, inRange, matches, PAGE, page } from "../listing.ts";
import {
  clearable,
  given,
  integer,
  mergeMetadata,
  metadata,
  required,
  type ShapeOf,
  text,
  upTo,
} from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/customers/:id/balance_transactions";

/** A customer's balance, and the discount that it has. */
export const customerMoneyRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      amount: required(integer),
      currency: required(text),
      description: clearable(upTo(350)),
      metadata,
    } satisfies ShapeOf<Stripe.CustomerCreateBalanceTransactionParams>,
    returns: "customer_balance_transaction",
    handle: ({ tx, id, params }) => {
      const customer = customerOf(tx, id);
      checkCurrency(customer, params.currency);
      return changeBalance(tx, customer, {
        amount: params.amount,
        currency: params.currency.toLowerCase(),
        type: "adjustment",
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
      });
    },
  }),
  route("GET", `${PATH}/:second`, {
    params: {},
    returns: "customer_balance_transaction",
    handle: ({ tx, id, second }) => transactionOf(tx, id, second),
  }),
  route("POST", `${PATH}/:second`, {
    params: {
      description: clearable(upTo(350)),
      metadata,
    } satisfies ShapeOf<Stripe.CustomerUpdateBalanceTransactionParams>,
    returns: "customer_balance_transaction",
    handle: ({ tx, id, second, params }) => {
      const transaction = transactionOf(tx, id, second);
      Object.assign(transaction, given({ description: params.description }));
      transaction.metadata = mergeMetadata(transaction.metadata ?? {}, params.metadata);
      return transaction;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      invoice: text,
    } satisfies ShapeOf<Stripe.CustomerListBalanceTransactionsParams>,
    returns: "list:customer_balance_transaction",
    handle: ({ tx, id, params }) => {
      const found = tx.state.customerBalanceTransactions
        .of(customerOf(tx, id).id)
        .reverse()
        .filter(
          (one) => matches(params.invoice, one.invoice) && inRange(one.created, params.created),
        );
      return page(`/v1/customers/${id}/balance_transactions`, found, params);
    },
  }),
  route("DELETE", "/v1/customers/:id/discount", {
    params: {},
    returns: "discount",
    handle: ({ tx, id }) => {
      const customer = customerOf(tx, id);
      const discount = customer.discount ?? null;
      if (discount === null) {
        throw resourceMissing("discount for customer", id, "customer");
      }
      emit(tx, "customer.discount.deleted", discount);
      emitChange(tx, "customer.updated", customer, (changed) => {
        changed.discount = null;
      });
      return deletedDiscount(discount);
    },
  }),
];

/** A discount as Stripe answers its deletion. */
export function deletedDiscount({ end: _, ...discount }: WireDiscount): object {
  return { ...discount, deleted: true };
}

function checkCurrency(customer: WireCustomer, currency: string): void {
  const own = customer.currency ?? null;
  if (own !== null && own !== currency.toLowerCase()) {
    throw invalidRequest(
      `You cannot combine currencies on a single customer. This customer has its balance in ${own}.`,
      "currency",
    );
  }
}

function transactionOf(
  tx: Transaction,
  customer: string,
  id: string,
): WireCustomerBalanceTransaction {
  const found = tx.state.customerBalanceTransactions.get(id);
  if (found === undefined || found.customer !== customerOf(tx, customer).id) {
    throw resourceMissing("customer balance transaction", id);
  }
  return found;
}
