import { type Request, type Response, Router } from "express";
import { authenticateSetupIntent } from "../engine/wallet/setup_intents.ts";
import type { WireSetupIntent } from "../state/wire.ts";
import { challengeOutcome, challengePage } from "./challenge.ts";
import { messagePage, sendPage } from "./layout.ts";
import type { PagePorts } from "./page_ports.ts";

/** The bank's pages under `/3ds`, to which an intent's `next_action` leads. */
export function createIntentChallenges({ account, saved }: PagePorts): Router {
  const router = Router();
  const waiting = (work: (intent: WireSetupIntent, back: string, exchange: Exchange) => void) => {
    return async (request: Request, response: Response) => {
      account.catchUp();
      const intent = account.state.setupIntents.get(String(request.params.intent));
      const back = intent?.next_action?.redirect_to_url?.return_url;
      if (intent === undefined || typeof back !== "string") {
        const text = "Nothing waits for 3-D Secure here.";
        sendPage(response, messagePage("Nothing to confirm", text, { status: 404 }));
        return;
      }
      work(intent, back, { request, response });
      await saved();
    };
  };
  router.get(
    "/:intent",
    waiting(({ id }, back, { response }) =>
      sendPage(response, challengePage(`/3ds/${id}`, "a new card for later payments.", [back])),
    ),
  );
  router.post(
    "/:intent",
    waiting((intent, back, { request, response }) => {
      const outcome = challengeOutcome(request.body);
      if (outcome === undefined) {
        const text = "Choose what the bank finds.";
        sendPage(response, messagePage("Not answered", text, { status: 400 }));
        return;
      }
      account.transact(
        (tx) => authenticateSetupIntent(tx, intent, outcome === "complete"),
        [intent.id],
      );
      const address = new URL(back);
      address.searchParams.set("setup_intent", intent.id);
      address.searchParams.set("setup_intent_client_secret", intent.client_secret ?? "");
      address.searchParams.set("redirect_status", outcome === "complete" ? "succeeded" : "failed");
      response.redirect(303, address.href);
    }),
  );
  return router;
}

interface Exchange {
  request: Request;
  response: Response;
}
