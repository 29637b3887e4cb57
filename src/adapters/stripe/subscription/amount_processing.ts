import type { Stripe } from "stripe";
import { listAll, readAll } from "../list_all.ts";

const LARGEST_PAGE = 100;

/**
 * Reads how much of an open invoice payments on their way will pay, in minor units. An invoice
 * itself does not say it, and lists expand four levels, one too few for its payments' intents.
 *
 * @throws {PortError}
 */
export async function amountProcessing(stripe: Stripe, invoice: string): Promise<number> {
  const action = `list the open payments of invoice "${invoice}"`;
  const payments = await readAll(
    listAll({ action, object: "invoice_payment" }, (cursor) =>
      stripe.invoicePayments.list({
        invoice,
        status: "open",
        limit: LARGEST_PAGE,
        expand: ["data.payment.payment_intent"],
        ...cursor,
      }),
    ),
  );
  return payments
    .map((one) => one.childOrNull("payment")?.childOrNull("payment_intent") ?? null)
    .filter((intent) => intent?.textOrNull("status") === "processing")
    .reduce((sum, intent) => sum + (intent?.integerOrNull("amount") ?? 0), 0);
}
