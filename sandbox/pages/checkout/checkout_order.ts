import type { Request, Response } from "express";
import { priceSession } from "../../engine/checkout/price_session.ts";
import { codeNamed } from "../../engine/invoicing/discounts.ts";
import { invalidRequest, RequestError } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import type { CheckoutDetails } from "../../state/checkout_details.ts";
import { copyOf } from "../../state/copy_of.ts";
import type { WireCheckoutSession } from "../../state/wire.ts";
import { postedBuyer, problemText } from "../buyer_form.ts";
import type { PagePorts } from "../page_ports.ts";

/** A request of the page of an open session. */
interface Exchange extends PagePorts {
  request: Request;
  response: Response;
}

/**
 * Changes an order by one of the forms beside the card: a promotion code, an address and a tax id,
 * or a quantity. Answers what is wrong with it; undefined where the order was changed.
 */
export function changeOrder(session: WireCheckoutSession, exchange: Exchange): string | undefined {
  const { account, request } = exchange;
  const details = account.state.checkoutDetails.get(session.id);
  if (details === undefined) {
    return "Nothing is sold here.";
  }
  const before = copyOf(details);
  try {
    account.transact(
      (tx) => {
        applyForm(tx, { session, details }, request.body);
        priceSession(tx, session);
      },
      [session.id],
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    Object.assign(details, before);
    return problemText(error, postedBuyer(request.body));
  }
}

function applyForm(
  tx: Transaction,
  order: { session: WireCheckoutSession; details: CheckoutDetails },
  body: unknown,
): void {
  const { session, details } = order;
  const values = new Map<string, unknown>(Object.entries(body ?? {}));
  const field = (name: string) => String(values.get(name) ?? "").trim();
  switch (field("form")) {
    case "promotion":
      redeemCode(tx, order, field("code"));
      break;
    case "no_promotion":
      details.discounts = [];
      session.discounts = [];
      break;
    case "buyer":
      details.buyer = postedBuyer(body);
      break;
    case "quantity":
      setQuantity(details, field("item"), Number(field("quantity")));
      break;
    default:
      throw invalidRequest("The page has no such form.");
  }
}

function redeemCode(
  tx: Transaction,
  { session, details }: { session: WireCheckoutSession; details: CheckoutDetails },
  typed: string,
): void {
  const code = codeNamed(tx.state, typed, tx.now);
  if (session.allow_promotion_codes !== true || code === undefined) {
    throw invalidRequest("This code is invalid.", "code");
  }
  details.discounts = [{ promotion_code: code.id }];
  session.discounts = [{ coupon: null, promotion_code: code.id }];
}

function setQuantity(details: CheckoutDetails, id: string, quantity: number): void {
  const item = details.lineItems.find((candidate) => candidate.id === id);
  const { enabled = false, minimum = 0, maximum = 99 } = item?.adjustable_quantity ?? {};
  const fits =
    Number.isInteger(quantity) && quantity >= (minimum ?? 0) && quantity <= (maximum ?? 99);
  if (item === undefined || !enabled || !fits) {
    throw invalidRequest(`Choose a quantity from ${minimum} to ${maximum}.`, "quantity");
  }
  item.quantity = quantity;
}
