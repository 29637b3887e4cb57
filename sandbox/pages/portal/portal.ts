import { type Request, type Response, Router } from "express";
import { cancelAtPeriodEnd, cancelNow, keepSubscription } from "../../engine/cancellation.ts";
import { isLive, scheduledEnd } from "../../engine/subscriptions.ts";
import type { WireSubscription } from "../../state/wire.ts";
import { messagePage, sendPage } from "../layout.ts";
import type { PagePorts } from "../page_ports.ts";
import { answerCardChallenge, showCardChallenge, showCardForm, takeCard } from "./portal_card.ts";
import { showDetails, takeDetails, takeTaxIdAway } from "./portal_details.ts";
import { cancelPage, homePage, postedRemarks } from "./portal_page.ts";
import { keepPlan, showChoice, showPlans, takeChoice } from "./portal_update.ts";
import { change, finishFlow, goHome, openVisit, type Visit } from "./portal_visit.ts";

type Handler = (visit: Visit, request: Request, response: Response) => void;

/** The Customer Portal's pages under `/p/session`. */
export function createPortalPages(ports: PagePorts): Router {
  const router = Router();
  const visited = (handle: Handler) => async (request: Request, response: Response) => {
    const visit = openVisit(ports.account, String(request.params.session));
    if ("refusal" in visit) {
      sendPage(response, visit.refusal);
    } else {
      handle(visit, request, response);
    }
    await ports.saved();
  };
  router.get("/:session", visited(enter));
  router.get("/:session/home", visited(showHome));
  router.get("/:session/details", visited(showDetails));
  router.post("/:session/details", visited(takeDetails));
  router.post("/:session/tax_ids/:taxId/delete", visited(takeTaxIdAway));
  router.get("/:session/card", visited(showCardForm));
  router.post("/:session/card", visited(takeCard));
  router.get("/:session/card/3ds", visited(showCardChallenge));
  router.post("/:session/card/3ds", visited(answerCardChallenge));
  router.get("/:session/subscriptions/:subscription/cancel", visited(askCancel));
  router.post("/:session/subscriptions/:subscription/cancel", visited(cancel));
  router.post("/:session/subscriptions/:subscription/renew", visited(renew));
  router.get("/:session/subscriptions/:subscription/update", visited(showPlans));
  router.get("/:session/subscriptions/:subscription/update/:price", visited(showChoice));
  router.post("/:session/subscriptions/:subscription/update/:price", visited(takeChoice));
  router.post("/:session/subscriptions/:subscription/keep", visited(keepPlan));
  return router;
}

function enter(visit: Visit, _request: Request, response: Response): void {
  const { flow } = visit.session;
  const path = (id: string) => `${visit.path}/subscriptions/${id}`;
  switch (flow?.type) {
    case "subscription_cancel":
      response.redirect(303, `${path(flow.subscription_cancel?.subscription ?? "")}/cancel`);
      break;
    case "subscription_update":
      response.redirect(303, `${path(flow.subscription_update?.subscription ?? "")}/update`);
      break;
    case "subscription_update_confirm": {
      const { subscription = "", items = [] } = flow.subscription_update_confirm ?? {};
      response.redirect(303, `${path(subscription)}/update/${items[0]?.price ?? ""}`);
      break;
    }
    case "customer_update":
      response.redirect(303, `${visit.path}/details`);
      break;
    case "payment_method_update":
      response.redirect(303, `${visit.path}/card`);
      break;
    default:
      sendPage(response, homePage(visit));
  }
}

function showHome(visit: Visit, request: Request, response: Response): void {
  sendPage(response, homePage(visit, request.query.done));
}

function askCancel(visit: Visit, request: Request, response: Response): void {
  const subscription = cancellable(visit, request, response);
  if (subscription !== undefined) {
    sendPage(response, cancelPage(visit, subscription));
  }
}

function cancel(visit: Visit, request: Request, response: Response): void {
  const subscription = cancellable(visit, request, response);
  if (subscription === undefined) {
    return;
  }
  const immediately = visit.features.subscription_cancel.mode === "immediately";
  const remarks = postedRemarks(visit, request.body);
  change(visit, (tx) => {
    if (immediately) {
      cancelNow(tx, subscription, "cancellation_requested", remarks);
    } else {
      cancelAtPeriodEnd(tx, subscription, remarks);
    }
  });
  finishFlow(visit, response, {
    flow: "subscription_cancel",
    done: immediately ? "ended" : "canceled",
  });
}

function renew(visit: Visit, request: Request, response: Response): void {
  const subscription = subscriptionOf(visit, request, response);
  if (subscription === undefined) {
    return;
  }
  if (!isLive(subscription) || scheduledEnd(subscription) === null) {
    conflict(visit, response, "This subscription is not set to end, so it cannot be renewed.");
    return;
  }
  change(visit, (tx) => keepSubscription(tx, subscription));
  goHome(visit, response, "renewed");
}

function cancellable(
  visit: Visit,
  request: Request,
  response: Response,
): WireSubscription | undefined {
  const subscription = subscriptionOf(visit, request, response);
  if (subscription === undefined) {
    return undefined;
  }
  if (!visit.features.subscription_cancel.enabled) {
    conflict(visit, response, "Canceling is not enabled in this portal.");
    return undefined;
  }
  if (!isLive(subscription) || scheduledEnd(subscription) !== null) {
    conflict(visit, response, "This subscription has ended or is set to end already.");
    return undefined;
  }
  return subscription;
}

function subscriptionOf(
  visit: Visit,
  request: Request,
  response: Response,
): WireSubscription | undefined {
  const id = String(request.params.subscription);
  const subscription = visit.account.state.subscriptions.get(id);
  if (subscription?.customer !== visit.customer.id) {
    const back = `${visit.path}/home`;
    const text = "You have no such subscription.";
    sendPage(response, messagePage("Not found", text, { status: 404, back }));
    return undefined;
  }
  return subscription;
}

function conflict(visit: Visit, response: Response, text: string): void {
  const back = `${visit.path}/home`;
  sendPage(
    response,
    messagePage("This cannot be done now", text, { status: 409, tone: "warn", back }),
  );
}
