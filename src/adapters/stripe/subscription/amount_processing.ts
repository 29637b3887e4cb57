import type { Stripe } from "stripe";
import { invoicePayments } from "../invoice_payments.ts";
import { readAll } from "../list_all.ts";

/**
 * Reads how much of an open invoice payments on their way will pay, in minor units. An invoice
 * itself does not say it, and lists expand four levels, one too few for its payments' intents.
 *
 * @throws {PortError}
 */
export async function amountProcessing(stripe: Stripe, invoice: string): Promise<number> {
  const expand = ["data.payment.payment_intent"];
  const payments = await readAll(invoicePayments(stripe, invoice, { status: "open", expand }));
  return payments
    .map((one) => one.childOrNull("payment")?.childOrNull("payment_intent") ?? null)
    .filter((intent) => intent?.textOrNull("status") === "processing")
    .reduce((sum, intent) => sum + (intent?.integerOrNull("amount") ?? 0), 0);
}
