import type { Stripe } from "stripe";
import type { BalanceCredit } from "../../../application/ports/subscription/payment_gateway.ts";
import { callStripe } from "../call_stripe.ts";
import { listAll } from "../list_all.ts";

/** The metadata key that identifies a credit, even when its idempotency key is gone. */
const MARK = "givenBackFor";

/**
 * Credits a customer's balance with what it has paid for an invoice, once.
 *
 * @throws {PortError}
 */
export async function creditBalance(
  stripe: Stripe,
  { customerId, invoiceId, amount, currency }: BalanceCredit,
  idempotencyKey: string,
): Promise<void> {
  const list = `list the balance transactions of customer "${customerId}"`;
  const known = listAll({ action: list, object: "customer_balance_transaction" }, (cursor) =>
    stripe.customers.listBalanceTransactions(customerId, { limit: 100, ...cursor }),
  );
  for await (const transaction of known) {
    if (transaction.childOrNull("metadata")?.textOrNull(MARK) === invoiceId) {
      return;
    }
  }
  const action = `credit the balance of customer "${customerId}"`;
  const params = { amount: 0 - amount, currency, metadata: { [MARK]: invoiceId } };
  await callStripe({ action, object: "customer_balance_transaction" }, () =>
    stripe.customers.createBalanceTransaction(customerId, params, { idempotencyKey }),
  );
}
