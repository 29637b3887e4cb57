import type { Stripe } from "stripe";
import { asOf } from "../../engine/paying/books.ts";
import { resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import { type ShapeOf, text } from "../params.ts";
import { type Route, route } from "../route.ts";

const PATH = "/v1/balance_transactions";

/** The books: every movement of money, and what it comes to. */
export const balanceRoutes: Route[] = [
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      currency: text,
      source: text,
      type: text,
    } satisfies ShapeOf<Stripe.BalanceTransactionListParams>,
    returns: "list:balance_transaction",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.balanceTransactions,
        (one) =>
          matches(params.currency, one.currency) &&
          matches(params.source, one.source) &&
          matches(params.type, one.type) &&
          inRange(one.created, params.created),
      );
      return page(
        PATH,
        [...found].map((one) => asOf(one, tx.now)),
        params,
      );
    },
  }),
  route("GET", `${PATH}/:id`, {
    params: {},
    returns: "balance_transaction",
    handle: ({ tx, id }) => {
      const found = tx.state.balanceTransactions.get(id);
      if (found === undefined) {
        throw resourceMissing("balance transaction", id);
      }
      return asOf(found, tx.now);
    },
  }),
  route("GET", "/v1/balance", {
    params: {},
    returns: "balance",
    handle: ({ tx }) => balanceAt(tx),
  }),
];

function balanceAt(tx: Transaction): Stripe.Balance {
  const sums = new Map<string, { available: number; pending: number }>();
  for (const { currency, net, available_on: at } of tx.state.balanceTransactions.values()) {
    const sum = sums.get(currency) ?? { available: 0, pending: 0 };
    sum[at <= tx.now ? "available" : "pending"] += net;
    sums.set(currency, sum);
  }
  const of = (kind: "available" | "pending") =>
    [...(sums.size === 0 ? new Map([["usd", { available: 0, pending: 0 }]]) : sums)].map(
      ([currency, sum]) => ({
        amount: sum[kind],
        currency,
        source_types: { card: sum[kind] },
      }),
    );
  return {
    object: "balance",
    available: of("available"),
    livemode: false,
    pending: of("pending"),
  };
}
