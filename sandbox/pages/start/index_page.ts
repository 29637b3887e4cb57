import { type Request, type Response, Router } from "express";
import { requireSameOrigin } from "../guard.ts";
import { messagePage, sendPage } from "../layout.ts";
import { moveClock, moveOf } from "../move_clock.ts";
import type { PagePorts } from "../page_ports.ts";
import { overview } from "./index_overview.ts";

/** The page at `/` for people: what this is, its clock, and what has happened so far. */
export function createIndexPage({ account, saved, attemptedAll }: PagePorts): Router {
  const router = Router();
  router.get("/", (_request, response) => {
    account.catchUp();
    sendPage(response, { title: "Stripe sandbox", layout: "wide", body: overview(account) });
  });
  router.post("/clock", requireSameOrigin, async (request: Request, response: Response) => {
    const move = moveOf(account, Object(request.body).by);
    if (move === undefined) {
      const text = "The clock moves by an hour, a day, a month or to the next renewal.";
      sendPage(response, messagePage("Not moved", text, { status: 400, back: "/" }));
      return;
    }
    await moveClock({ account, attemptedAll }, move);
    await saved();
    response.redirect(303, "/");
  });
  return router;
}
