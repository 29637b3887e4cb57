import { setTimeout } from "node:timers/promises";
import { type Request, type Response, Router } from "express";
import type { Account } from "../../account.ts";
import { completeSession } from "../../engine/checkout/checkout.ts";
import { recoverSession } from "../../engine/checkout/recovery.ts";
import { RequestError } from "../../engine/request_error.ts";
import type { Buyer, EnteredCard } from "../../state/checkout_details.ts";
import type { WireCheckoutSession } from "../../state/wire.ts";
import {
  blankCard,
  CARD_DECLINED,
  type CardFields,
  CHALLENGE_FAILED,
  type FieldProblem,
  postedCard,
  readCard,
} from "../card_form.ts";
import { challengeOutcome, challengePage } from "../challenge.ts";
import { messagePage, sendPage } from "../layout.ts";
import type { PagePorts } from "../page_ports.ts";
import { changeOrder } from "./checkout_order.ts";
import {
  amountOf,
  checkoutPage,
  closedPage,
  missingOf,
  needsMethod,
  returnAddress,
} from "./checkout_page.ts";

/** How long Stripe waits for the answer to `checkout.session.completed`. */
const WEBHOOK_WAIT_MS = 10_000;

/** The hosted Checkout pages under `/c/pay`. */
export function createCheckoutPages(ports: PagePorts): Router {
  const { account } = ports;
  const router = Router();
  const open = (
    work: (session: WireCheckoutSession, exchange: Exchange) => void | Promise<void>,
  ) => {
    return async (request: Request, response: Response) => {
      account.catchUp();
      const session = account.state.checkoutSessions.get(String(request.params.session));
      const exchange = { ...ports, request, response };
      if (session === undefined) {
        sendPage(response, messagePage("Not found", "There is no such checkout.", { status: 404 }));
      } else if (session.status !== "open") {
        sendPage(response, closedPage(session, request.method === "GET" ? 200 : 409));
      } else {
        await work(session, exchange);
      }
      await ports.saved();
    };
  };
  router.get("/:session/recover", async (request, response) => {
    takeUp(ports, request, response);
    await ports.saved();
  });
  router.get("/:session", open(showForm));
  router.post("/:session", open(takeCard));
  router.post("/:session/order", open(takeOrder));
  router.get("/:session/3ds", open(showChallenge));
  router.post("/:session/3ds", open(answerChallenge));
  return router;
}

/** Opens a copy of an expired session and leads to it. */
function takeUp({ account }: PagePorts, request: Request, response: Response): void {
  const session = account.state.checkoutSessions.get(String(request.params.session));
  try {
    const copy = session && account.transact((tx) => recoverSession(tx, session), [session.id]);
    if (copy === undefined) {
      sendPage(response, messagePage("Not found", "There is no such checkout.", { status: 404 }));
    } else {
      response.redirect(303, `/c/pay/${copy.id}`);
    }
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    sendPage(response, messagePage("Expired", error.message, { status: 410, tone: "warn" }));
  }
}

interface Exchange extends PagePorts {
  request: Request;
  response: Response;
}

/** The forms beside the card; a problem is shown in their place. */
function takeOrder(session: WireCheckoutSession, exchange: Exchange): void {
  const { account, response } = exchange;
  const orderProblem = changeOrder(session, exchange);
  if (orderProblem === undefined) {
    response.redirect(303, `/c/pay/${session.id}`);
    return;
  }
  const { request } = exchange;
  const options = { fields: blank(account, session), orderProblem, order: request.body };
  sendPage(response, checkoutPage(account.state, session, { ...options, status: 400 }));
}

function showForm(session: WireCheckoutSession, exchange: Exchange): void {
  const { account, request, response } = exchange;
  const fields = blank(account, session, request.query.card);
  sendPage(response, checkoutPage(account.state, session, { fields }));
}

async function takeCard(session: WireCheckoutSession, exchange: Exchange): Promise<void> {
  const { account, request, response } = exchange;
  const fields = postedCard(request.body);
  const orderProblem = missingOf(account.state, session, request.body);
  if (orderProblem !== undefined) {
    sendPage(response, checkoutPage(account.state, session, { fields, orderProblem, status: 400 }));
    return;
  }
  if (!needsMethod(session)) {
    const email = session.customer_details?.email ?? fields.email;
    await pay(session, null, exchange, { email: email === "" ? null : email });
    return;
  }
  const entry = readCard(fields, account.nowMs(), session.customer_details?.email ?? null);
  const again = (problems: readonly FieldProblem[], status: number) =>
    sendPage(response, checkoutPage(account.state, session, { fields, problems, status }));
  if ("problems" in entry) {
    again(entry.problems, 400);
  } else if (entry.testCard.behavior === "declined") {
    again([CARD_DECLINED], 402);
  } else if (entry.testCard.behavior.endsWith("challenge")) {
    account.state.challenges.set(session.id, entry.card);
    response.redirect(303, `/c/pay/${session.id}/3ds`);
  } else {
    await pay(session, entry.card, exchange);
  }
}

function showChallenge(session: WireCheckoutSession, { account, response }: Exchange): void {
  if (!account.state.challenges.has(session.id)) {
    response.redirect(303, `/c/pay/${session.id}`);
    return;
  }
  const purpose =
    session.mode === "setup"
      ? "a new card for later payments."
      : `a payment of ${amountOf(session)}.`;
  sendPage(response, challengePage(`/c/pay/${session.id}/3ds`, purpose, [session.success_url]));
}

async function answerChallenge(session: WireCheckoutSession, exchange: Exchange): Promise<void> {
  const { account, request, response } = exchange;
  const card = account.state.challenges.get(session.id);
  const outcome = challengeOutcome(request.body);
  const back = `/c/pay/${session.id}`;
  if (card === undefined || outcome === undefined) {
    const text = "No card waits for 3-D Secure. Start again with the card.";
    sendPage(response, messagePage("Nothing to confirm", text, { status: 409, back }));
    return;
  }
  account.state.challenges.delete(session.id);
  if (outcome === "complete") {
    await pay(session, card, exchange);
    return;
  }
  const fields = blank(account, session);
  const options = { fields, problems: [CHALLENGE_FAILED], status: 402 };
  sendPage(response, checkoutPage(account.state, session, options));
}

/** Pays, then waits for the webhook's answer before it sends the customer back, as Stripe does. */
async function pay(
  session: WireCheckoutSession,
  card: EnteredCard | null,
  exchange: Exchange,
  typed: Partial<Buyer> = {},
): Promise<void> {
  const { account, attempted, response } = exchange;
  let completed: string | undefined;
  try {
    completed = account.transact(
      (tx) => {
        completeSession(tx, session, card, typed);
        return tx.events.at(-1)?.id;
      },
      [session.id],
    );
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    sendPage(response, messagePage("Cannot pay", error.message, { status: 409 }));
    return;
  }
  await Promise.race([
    attempted(completed ?? ""),
    setTimeout(WEBHOOK_WAIT_MS, undefined, { ref: false }),
  ]);
  const address = returnAddress(session);
  if (address === null) {
    sendPage(response, closedPage(session, 200));
  } else {
    response.redirect(303, address);
  }
}

function blank(account: Account, session: WireCheckoutSession, card?: unknown): CardFields {
  return blankCard(account.nowMs(), session.customer_details?.email ?? null, card);
}
