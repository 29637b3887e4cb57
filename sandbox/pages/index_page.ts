import { type Request, type Response, Router } from "express";
import type { Account } from "../account.ts";
import { nextRenewalAt } from "../engine/due.ts";
import { requireSameOrigin } from "./guard.ts";
import { overview } from "./index_overview.ts";
import { messagePage, sendPage } from "./layout.ts";
import type { PagePorts } from "./page_ports.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The page at `/` for people: what this is, its clock, and what has happened so far. */
export function createIndexPage({ account, saved }: PagePorts): Router {
  const router = Router();
  router.get("/", (_request, response) => {
    account.catchUp();
    sendPage(response, { title: "Stripe sandbox", layout: "wide", body: overview(account) });
  });
  router.post("/clock", requireSameOrigin, async (request: Request, response: Response) => {
    const target = targetOf(account, request.body);
    if (target === undefined) {
      const text = "The clock moves by an hour, a day, a month or to the next renewal.";
      sendPage(response, messagePage("Not moved", text, { status: 400, back: "/" }));
      return;
    }
    account.advanceTo(target);
    await saved();
    response.redirect(303, "/");
  });
  return router;
}

function targetOf(account: Account, body: unknown): number | undefined {
  const nowMs = account.nowMs();
  switch (new Map<string, unknown>(Object.entries(body ?? {})).get("by")) {
    case "hour":
      return nowMs + HOUR_MS;
    case "day":
      return nowMs + DAY_MS;
    case "month":
      return nowMs + 31 * DAY_MS;
    case "renewal": {
      const renewalAt = nextRenewalAt(account.state);
      return renewalAt === undefined ? undefined : Math.max(nowMs, renewalAt * 1000);
    }
    default:
      return undefined;
  }
}
