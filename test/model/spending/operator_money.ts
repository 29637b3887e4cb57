import { closeDispute, openDispute } from "../../../sandbox/engine/paying/disputes.ts";
import type { WireCharge } from "../../../sandbox/state/wire.ts";
import type { Scene } from "./scene.ts";

/** What an operator does about invoices and money that has come. */
export const MONEY_OPERATIONS = [
  ...(["pay", "void", "forgive", "credit_note", "refund", "dispute", "decide"] as const),
  ...(["give_balance", "take_balance"] as const),
];

type MoneyOperation = (typeof MONEY_OPERATIONS)[number];

const BALANCE = 2_500;
/** In minor units, of an invoice. */
const NOTE = 300;

/** Does it; whether there was anything to do it with. */
export async function moveMoney(s: Scene, does: MoneyOperation): Promise<boolean> {
  const { stripe, world } = s;
  switch (does) {
    case "give_balance":
    case "take_balance": {
      const amount = does === "give_balance" ? -BALANCE : BALANCE;
      await stripe.customers.createBalanceTransaction(s.customerId, { amount, currency: "eur" });
      return true;
    }
    case "pay":
    case "void":
    case "forgive": {
      const [open] = s.open();
      if (open === undefined) return false;
      if (does === "pay") s.pay(open);
      if (does === "void") await stripe.invoices.voidInvoice(open.id);
      if (does === "forgive") await stripe.invoices.markUncollectible(open.id);
      return true;
    }
    case "credit_note": {
      const invoice = s.invoices().findLast(({ status }) => status === "open" || status === "paid");
      if (invoice === undefined) return false;
      const paid = invoice.status === "paid" && { credit_amount: NOTE };
      await stripe.creditNotes.create({ invoice: invoice.id, amount: NOTE, ...paid });
      return true;
    }
    case "refund": {
      const charge = charges(s).findLast(({ amount, amount_refunded: back }) => back < amount);
      if (charge !== undefined) await stripe.refunds.create({ charge: charge.id });
      return charge !== undefined;
    }
    case "dispute": {
      const charge = charges(s).findLast(({ disputed }) => !disputed);
      if (charge === undefined) return false;
      world.provider.transact((tx) => openDispute(tx, charge, { inquiry: false }));
      return true;
    }
    case "decide": {
      const open = [...world.provider.state.disputes.values()].find(
        ({ status }) => status === "needs_response",
      );
      if (open === undefined) return false;
      world.provider.transact((tx) => closeDispute(tx, open, "lost"));
      return true;
    }
    default:
      return does satisfies never;
  }
}

function charges({ world, customerId }: Scene): WireCharge[] {
  return [...world.provider.state.charges.values()].filter(
    ({ customer, status }) => customer === customerId && status === "succeeded",
  );
}
