import type { Stripe } from "stripe";
import { submit, type Visited, visit } from "./browser.ts";

/** Pays an invoice on its page with a card; the answer is the page that was led to, or the form. */
export async function payOnPage(
  invoice: Pick<Stripe.Invoice, "hosted_invoice_url">,
  card = "4242424242424242",
): Promise<Visited> {
  const url = String(invoice.hosted_invoice_url);
  const answer = await submit(url, await visit(url), { card });
  return answer.location === null ? answer : visit(answer.location);
}

/** Pays what is open of a customer, or of everybody, on its page, oldest first. */
export async function payAllOnPages(
  stripe: Stripe,
  { card, ...of }: { card?: string; customer?: string } = {},
): Promise<void> {
  const { data } = await stripe.invoices.list({ status: "open", limit: 100, ...of });
  for (const invoice of data.reverse()) {
    await payOnPage(invoice, card);
  }
}
