import { type Request, type Response, Router } from "express";
import type { Account } from "../account.ts";
import { payHostedInvoice } from "../engine/invoicing/pay_hosted_invoice.ts";
import { formatMoney } from "../engine/money.ts";
import type { EnteredCard } from "../state/checkout_details.ts";
import type { WireInvoice } from "../state/wire.ts";
import {
  blankCard,
  CARD_DECLINED,
  CHALLENGE_FAILED,
  type FieldProblem,
  postedCard,
  readCard,
} from "./card_form.ts";
import { challengeOutcome, challengePage } from "./challenge.ts";
import { invoicePage, isPayable } from "./invoice_page.ts";
import { messagePage, sendPage } from "./layout.ts";
import type { PagePorts } from "./page_ports.ts";

interface Exchange {
  account: Account;
  request: Request;
  response: Response;
}

/** The hosted invoices under `/i`, where an open one is paid; the unguessable id opens it. */
export function createInvoicePages({ account, saved }: PagePorts): Router {
  const router = Router();
  const found = (work: (invoice: WireInvoice, exchange: Exchange) => void) => {
    return async (request: Request, response: Response) => {
      account.catchUp();
      const invoice = account.state.invoices.get(String(request.params.invoice));
      if (invoice === undefined || invoice.status === "draft") {
        sendPage(response, messagePage("Not found", "There is no such invoice.", { status: 404 }));
        return;
      }
      work(invoice, { account, request, response });
      await saved();
    };
  };
  router.get("/:invoice", found(show));
  router.get("/:invoice/pdf", found(show));
  router.post("/:invoice", found(takeCard));
  router.get("/:invoice/3ds", found(showChallenge));
  router.post("/:invoice/3ds", found(answerChallenge));
  return router;
}

function show(invoice: WireInvoice, { account, request, response }: Exchange): void {
  const fields = blankCard(account.nowMs(), emailOf(invoice), request.query.card);
  sendPage(response, invoicePage(account.state, invoice, { fields }));
}

function takeCard(invoice: WireInvoice, exchange: Exchange): void {
  const { account, request, response } = exchange;
  if (!isPayable(account.state, invoice)) {
    refuse(invoice, response);
    return;
  }
  const fields = postedCard(request.body);
  const entry = readCard(fields, account.nowMs(), emailOf(invoice));
  if ("problems" in entry) {
    const options = { fields, problems: entry.problems, status: 400 };
    sendPage(response, invoicePage(account.state, invoice, options));
  } else if (entry.testCard.behavior === "challenge") {
    account.state.challenges.set(invoice.id, entry.card);
    response.redirect(303, `/i/${invoice.id}/3ds`);
  } else {
    pay(invoice, entry.card, exchange);
  }
}

function showChallenge(invoice: WireInvoice, { account, response }: Exchange): void {
  if (!account.state.challenges.has(invoice.id)) {
    response.redirect(303, `/i/${invoice.id}`);
    return;
  }
  const purpose = `a payment of ${formatMoney(invoice.amount_remaining, invoice.currency)}.`;
  sendPage(response, challengePage(`/i/${invoice.id}/3ds`, purpose, []));
}

function answerChallenge(invoice: WireInvoice, exchange: Exchange): void {
  const { account, request, response } = exchange;
  const card = account.state.challenges.get(invoice.id);
  const outcome = challengeOutcome(request.body);
  const back = `/i/${invoice.id}`;
  if (card === undefined || outcome === undefined) {
    const text = "No card waits for 3-D Secure. Start again with the card.";
    sendPage(response, messagePage("Nothing to confirm", text, { status: 409, back }));
    return;
  }
  account.state.challenges.delete(invoice.id);
  if (outcome === "complete") {
    pay(invoice, card, exchange);
    return;
  }
  again(invoice, exchange, CHALLENGE_FAILED);
}

function pay(invoice: WireInvoice, card: EnteredCard, exchange: Exchange): void {
  const { account, response } = exchange;
  if (!isPayable(account.state, invoice)) {
    refuse(invoice, response);
    return;
  }
  const paid = account.transact((tx) => payHostedInvoice(tx, invoice, card), [invoice.id]);
  if (paid) {
    response.redirect(303, `/i/${invoice.id}`);
  } else {
    again(invoice, exchange, CARD_DECLINED);
  }
}

function again(invoice: WireInvoice, { account, response }: Exchange, problem: FieldProblem): void {
  const fields = blankCard(account.nowMs(), emailOf(invoice));
  const options = { fields, problems: [problem], status: 402 };
  sendPage(response, invoicePage(account.state, invoice, options));
}

function refuse(invoice: WireInvoice, response: Response): void {
  const open = invoice.status === "open";
  const text = open
    ? "A bank debit is under way to pay this invoice."
    : `This invoice is ${invoice.status}; there is nothing to pay.`;
  const options = { status: 409, back: `/i/${invoice.id}`, tone: "warn" } as const;
  sendPage(response, messagePage("Nothing to pay", text, options));
}

function emailOf(invoice: WireInvoice): string {
  return invoice.customer_email ?? "customer@example.com";
}
