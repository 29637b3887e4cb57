import { type Catalog, planOfProduct } from "../../catalog/catalog.ts";
import { textNumber } from "../../text_number.ts";
import type {
  CustomerSnapshot,
  SnapshotInvoice,
  SnapshotSubscription,
} from "../customer_snapshot.ts";
import { isLive } from "../subscription.ts";

/**
 * What the payment provider's lists of all customers say about one of them, as a number: the sum of
 * numbers for its balance, each live subscription and each invoice that can still change. A sum
 * needs no order and is not fooled by a fact that a list shows twice.
 */
export type ListedFacts = number;

/** Sums stay whole numbers below this; the chance that two customers' facts meet is one in 2^50. */
const MODULUS = 2 ** 50;

/** Adds a fact to others, in any order. */
export function addFact(facts: ListedFacts, fact: ListedFacts): ListedFacts {
  return (facts + fact) % MODULUS;
}

/** The fact that a customer exists, with its balance in minor units. */
export function customerFact({ balance }: Pick<CustomerSnapshot, "balance">): ListedFacts {
  return factOf({ balance });
}

/** Everything that a look sees of a subscription, and what its prices mean here; 0 once it ended. */
export function subscriptionFact(
  subscription: SnapshotSubscription,
  catalog: Catalog,
): ListedFacts {
  const { items, schedule, status } = subscription;
  const plans = items.map(({ productId }) => planOfProduct(catalog, productId));
  const next = catalog.plans.flatMap(({ slug, prices }) =>
    prices
      .filter(({ priceId }) => schedule?.nextPriceIds.includes(priceId))
      .map((price) => ({ slug, price })),
  );
  const meaning = { plans: plans.map((plan) => plan && [plan.slug, plan.rank]), next };
  return isLive(status) ? factOf({ subscription, meaning }) : 0;
}

/**
 * What an invoice is worth, without its lines, which do not change once it is finalised, and
 * without payments on their way, which no list of invoices tells; 0 for a paid and for a void one,
 * which stay what they are.
 */
export function invoiceFact(invoice: SnapshotInvoice): ListedFacts {
  const { lines: _, order: __, hostedUrl: ___, amountProcessing: ____, ...fact } = invoice;
  return isFinal(invoice) ? 0 : factOf(fact);
}

/** Whether an invoice stays what it is: refunds and credit notes leave it paid. */
export function isFinal({ status }: Pick<SnapshotInvoice, "status">): boolean {
  return status === "paid" || status === "void";
}

/** What the lists would have said at the moment of a snapshot. */
export function listedFacts(snapshot: CustomerSnapshot, catalog: Catalog): ListedFacts {
  return [
    ...snapshot.subscriptions.map((one) => subscriptionFact(one, catalog)),
    ...snapshot.invoices.map(invoiceFact),
  ].reduce(addFact, customerFact(snapshot));
}

function factOf(value: object): ListedFacts {
  return textNumber(JSON.stringify(value)) % MODULUS;
}
