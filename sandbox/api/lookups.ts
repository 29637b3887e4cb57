import { resourceMissing } from "../engine/request_error.ts";
import type { State } from "../state/state.ts";
import { type Route, route } from "./route.ts";

/** Objects that the API only shows. */
export const lookupRoutes: Route[] = [
  lookup("/v1/invoice_payments", "invoice_payment", (state) => state.invoicePayments),
  lookup("/v1/payment_intents", "payment_intent", (state) => state.paymentIntents),
  lookup("/v1/charges", "charge", (state) => state.charges),
];

function lookup(path: string, type: string, tableOf: (state: State) => Map<string, object>): Route {
  return route("GET", `${path}/:id`, {
    params: {},
    returns: type,
    handle: ({ tx, id }) => {
      const found = tableOf(tx.state).get(id);
      if (found === undefined) {
        throw resourceMissing(type, id);
      }
      return found;
    },
  });
}
