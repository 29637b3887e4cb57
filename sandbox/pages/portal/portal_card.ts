import type { Request, Response } from "express";
import { updateCard } from "../../engine/portal.ts";
import type { EnteredCard } from "../../state/checkout_details.ts";
import {
  blankCard,
  CARD_DECLINED,
  type CardFields,
  CHALLENGE_FAILED,
  type FieldProblem,
  postedCard,
  readCard,
} from "../card_form.ts";
import { cardInputs, problemNote, testCardList } from "../card_inputs.ts";
import { challengeOutcome, challengePage } from "../challenge.ts";
import { html } from "../html.ts";
import { messagePage, type Page, sendPage } from "../layout.ts";
import { change, finishFlow, type Visit } from "./portal_visit.ts";

/** `GET /card`: the form for another card. */
export function showCardForm(visit: Visit, request: Request, response: Response): void {
  if (enabled(visit, response)) {
    const { account, customer } = visit;
    const fields = blankCard(account.nowMs(), customer.email, request.query.card);
    sendPage(response, cardPage(visit, { fields }));
  }
}

/** `POST /card`: saves the card, asks for 3-D Secure or shows the form again. */
export function takeCard(visit: Visit, request: Request, response: Response): void {
  if (!enabled(visit, response)) {
    return;
  }
  const { account, customer, session, path } = visit;
  const fields = postedCard(request.body);
  const entry = readCard(fields, account.nowMs(), customer.email);
  if ("problems" in entry) {
    sendPage(response, cardPage(visit, { fields, problems: entry.problems, status: 400 }));
  } else if (entry.testCard.behavior === "declined") {
    sendPage(response, cardPage(visit, { fields, problems: [CARD_DECLINED], status: 402 }));
  } else if (entry.testCard.behavior.endsWith("challenge")) {
    account.state.challenges.set(session.id, entry.card);
    response.redirect(303, `${path}/card/3ds`);
  } else {
    save(visit, entry.card, response);
  }
}

/** `GET /card/3ds`: the bank's page. */
export function showCardChallenge(visit: Visit, _request: Request, response: Response): void {
  const { account, session, path } = visit;
  if (account.state.challenges.has(session.id)) {
    const action = `${path}/card/3ds`;
    sendPage(response, challengePage(action, "a new card for later payments.", targets(visit)));
  } else {
    response.redirect(303, `${path}/card`);
  }
}

/** `POST /card/3ds`: what the bank found. */
export function answerCardChallenge(visit: Visit, request: Request, response: Response): void {
  const { account, session, customer, path } = visit;
  const card = account.state.challenges.get(session.id);
  const outcome = challengeOutcome(request.body);
  if (card === undefined || outcome === undefined) {
    const text = "No card waits for 3-D Secure. Start again with the card.";
    const options = { status: 409, back: `${path}/card` };
    sendPage(response, messagePage("Nothing to confirm", text, options));
    return;
  }
  account.state.challenges.delete(session.id);
  if (outcome === "complete") {
    save(visit, card, response);
    return;
  }
  const fields = blankCard(account.nowMs(), customer.email);
  sendPage(response, cardPage(visit, { fields, problems: [CHALLENGE_FAILED], status: 402 }));
}

function save(visit: Visit, card: EnteredCard, response: Response): void {
  change(visit, (tx) => updateCard(tx, visit.customer, card));
  finishFlow(visit, response, {
    flow: "payment_method_update",
    done: "card",
  });
}

function enabled(visit: Visit, response: Response): boolean {
  const { enabled: allowed } = visit.features.payment_method_update;
  if (!allowed) {
    const text = "Changing the card is not enabled in this portal.";
    const options = { status: 409, tone: "warn", back: `${visit.path}/home` } as const;
    sendPage(response, messagePage("This cannot be done now", text, options));
  }
  return allowed;
}

function cardPage(
  visit: Visit,
  options: { fields: CardFields; problems?: readonly FieldProblem[]; status?: number },
): Page {
  const { status = 200, ...filledIn } = options;
  const form = { ...filledIn, email: visit.customer.email };
  const path = `${visit.path}/card`;
  return {
    title: filledIn.problems ? "Problem: Update card" : "Update card",
    status,
    formTargets: targets(visit),
    body: html`<h1>Update your card</h1>
<section class="card" aria-label="New card">
${problemNote(form)}
${testCardList(path, form)}
<form method="post" action="${path}" class="fields">
${cardInputs(form)}
<div class="actions">
<button>Save card</button>
<a class="button quiet" href="${visit.path}/home">Back</a>
</div>
</form>
<p class="soft small">The card pays for everything from now on. An open invoice is paid on its own page, or with the
next automatic attempt.</p>
</section>`,
  };
}

function targets(visit: Visit): string[] {
  const redirect = visit.session.flow?.after_completion.redirect;
  return redirect ? [redirect.return_url] : [];
}
