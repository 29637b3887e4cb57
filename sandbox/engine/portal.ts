import type { EnteredCard } from "../state/checkout_details.ts";
import { newId } from "../state/ids.ts";
import type { WireCustomer, WirePortalConfiguration, WirePortalSession } from "../state/wire.ts";
import { attachCard } from "./cards.ts";
import { setDefaultCard } from "./customers.ts";
import { emit, type Transaction } from "./transaction.ts";

/** What a request says about a new Portal session. */
export type NewPortalSession = Pick<
  WirePortalSession,
  "configuration" | "customer" | "flow" | "locale" | "return_url"
>;

/** Opens a Portal session; its unguessable id is all that its page asks for. */
export function createPortalSession(tx: Transaction, fields: NewPortalSession): WirePortalSession {
  const id = newId("bps");
  const session: WirePortalSession = {
    id,
    object: "billing_portal.session",
    created: tx.now,
    customer_account: null,
    livemode: false,
    on_behalf_of: null,
    url: `${tx.baseUrl}/p/session/${id}`,
    ...fields,
  };
  tx.state.portalSessions.set(id, session);
  emit(tx, "billing_portal.session.created", session);
  return session;
}

/** The configuration that sessions use which name none; undefined where there is none yet. */
export function defaultConfiguration(tx: Transaction): WirePortalConfiguration | undefined {
  return [...tx.state.portalConfigurations.values()].find((found) => found.is_default);
}

/** Saves a card as the customer's default. It pays nothing: an open invoice has a page for that. */
export function updateCard(tx: Transaction, customer: WireCustomer, card: EnteredCard): void {
  const paymentMethod = attachCard(tx, customer.id, card);
  emit(tx, "payment_method.attached", paymentMethod);
  setDefaultCard(tx, customer, paymentMethod.id);
}
