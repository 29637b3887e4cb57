import type { PageState } from "./page_states.ts";

const NOTHING_TO_DO = "Your payment of €29.00 is on its way. There is nothing to do.";
const NO_PAYING = ["is owed", "Pay €", "Pay invoice", "Payment failed"];

/** The states in which something is owed or on its way. */
export const PAYING_STATES: Readonly<Record<string, PageState>> = {
  "a renewal on its way": {
    tenant: "renewing",
    shows: [NOTHING_TO_DO, "Renews on May 15, 2027.", "Pro: in good standing", "Being paid"],
    lacks: NO_PAYING,
  },
  "a renewal on its way after a card failed": {
    tenant: "debited",
    shows: [
      NOTHING_TO_DO,
      "Payment on its way",
      "Pro goes on until April 24, 2027, and after that once the payment has arrived.",
      "Being paid",
    ],
    lacks: NO_PAYING,
  },
  "a renewal on its way after grace": {
    tenant: "debitedLate",
    shows: [NOTHING_TO_DO, "The limits of Free apply until the payment arrives.", "Being paid"],
    lacks: NO_PAYING,
  },
  "a first payment on its way": {
    tenant: "beginning",
    shows: [NOTHING_TO_DO, "The limits of Free apply until the payment arrives.", "Being paid"],
    lacks: NO_PAYING,
  },
  "a change on its way": {
    tenant: "changing",
    shows: [
      "There is nothing to do.",
      "The change takes effect when the payment arrives. A bank debit takes some days.",
      "Starter: the change has not been paid",
      "Being paid",
    ],
    lacks: NO_PAYING,
  },
  "a change that is owed": {
    tenant: "changeOwed",
    shows: [
      "The limits of Starter apply: the change has not been paid.",
      "is owed",
      "Pay €",
      "Starter: the change has not been paid",
    ],
    lacks: ["on its way", "bank debit"],
  },
  "ended by arrangement, owing": {
    tenant: "arranged",
    shows: [
      "Pro ended on April 12, 2027, and a payment is open. Paying now does not bring it back: the limits of Free apply.",
      "€29.00 is owed",
      "Pay €29.00",
    ],
    lacks: ["because it was not paid", "Nothing to pay"],
  },
  "Spanish, a renewal on its way after a card failed": {
    tenant: "debited",
    locale: "es-ES",
    shows: [
      "Su pago de 29,00 € está en camino. No tiene que hacer nada.",
      "Pro continúa hasta el 24 de abril de 2027, y después en cuanto haya llegado el pago.",
      "En pago",
    ],
    lacks: ["Pagar", "owed", "on its way"],
  },
  "Spanish, a change that is owed": {
    tenant: "changeOwed",
    locale: "es-ES",
    shows: ["Se aplican los límites de Starter: no se ha pagado el cambio.", "Pagar"],
    lacks: ["en camino", "owed"],
  },
  "Spanish, ended by arrangement, owing": {
    tenant: "arranged",
    locale: "es-ES",
    shows: ["Pro terminó el 12 de abril de 2027, y hay un pago pendiente.", "Pagar 29,00 €"],
    lacks: ["porque no se pagó"],
  },
  "a renewal that is being invoiced": {
    tenant: "renewingNow",
    shows: [
      "Renewing",
      "Pro is being renewed.",
      "€29.00 is about to be invoiced. There is nothing to do now.",
    ],
    lacks: NO_PAYING,
  },
  "an invoice by e-mail, due later": {
    tenant: "invoiced",
    shows: ["Renews on May 15, 2027.", "€29.00 is due on April 29, 2027.", "Pay €29.00"],
    lacks: ["is owed", "Payment failed"],
  },
  "a scheduled change that is not paid": {
    tenant: "lowering",
    shows: [
      "Payment failed, access until April 24, 2027. Pay what is owed to keep Starter.",
      "€9.00 is owed",
      "Pro: the renewal is not paid yet",
    ],
    lacks: ["The limits of Pro apply until it is paid."],
  },
  "owing, and ended by the operator with its period": {
    tenant: "leaving",
    shows: [
      "Payment failed, access until April 24, 2027. Pay what is owed; Pro ends on May 10, 2027 as arranged.",
      "This tenant ends on May 10, 2027, and nothing more can be bought.",
      "Pay €29.00",
    ],
    lacks: ["everything stays as it is", "Resume plan", "From May 10", "Change any time"],
  },
  "Spanish, an invoice by e-mail, due later": {
    tenant: "invoiced",
    locale: "es-ES",
    shows: ["29,00 € vencen el 29 de abril de 2027.", "Pagar 29,00 €"],
    lacks: ["is due"],
  },
};
