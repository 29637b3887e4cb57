import type { Stripe } from "stripe";
import { listAll } from "./list_all.ts";
import type { WireObject } from "./wire_object.ts";

/** Lists the payments of an invoice in a state; there are few. @throws {PortError} */
export function invoicePayments(
  stripe: Stripe,
  invoice: string,
  wanted: { readonly status: "open" | "paid"; readonly expand?: string[] },
): AsyncIterable<WireObject> {
  const action = `list the ${wanted.status} payments of invoice "${invoice}"`;
  return listAll({ action, object: "invoice_payment" }, (cursor) =>
    stripe.invoicePayments.list({ invoice, ...wanted, ...cursor }),
  );
}
