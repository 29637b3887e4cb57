import type { Request, Response } from "express";
import {
  changeableItem,
  checkChoice,
  confirmChoice,
  isPutOff,
  type PortalChoice,
} from "../../engine/portal_update.ts";
import { RequestError } from "../../engine/request_error.ts";
import { releaseSchedule, scheduleOf } from "../../engine/schedules.ts";
import { messagePage, sendPage } from "../layout.ts";
import { confirmPage, plansPage } from "./portal_update_page.ts";
import { change, finishFlow, goHome, type Visit, visitedSubscription } from "./portal_visit.ts";

/** `GET /update`: the plans to choose from. */
export function showPlans(visit: Visit, request: Request, response: Response): void {
  refusing(visit, response, () => {
    const subscription = visitedSubscription(visit, request);
    changeableItem(visit.account.state, visit.features, subscription);
    sendPage(response, plansPage(visit, subscription));
  });
}

/** `GET /update/:price`: what the choice costs now and later, to be confirmed. */
export function showChoice(visit: Visit, request: Request, response: Response): void {
  refusing(visit, response, () => {
    sendPage(response, confirmPage(visit, choiceOf(visit, request)));
  });
}

/** `POST /update/:price`: does it. */
export function takeChoice(visit: Visit, request: Request, response: Response): void {
  refusing(visit, response, () => {
    const choice = choiceOf(visit, request);
    const done = isPutOff(visit.features, choice) ? "scheduled" : "updated";
    change(visit, (tx) => confirmChoice(tx, visit.features, choice));
    finishFlow(visit, response, { flow: visit.session.flow?.type ?? "", done });
  });
}

/** `POST /keep`: takes a scheduled change back. */
export function keepPlan(visit: Visit, request: Request, response: Response): void {
  refusing(visit, response, () => {
    const schedule = scheduleOf(visit.account.state, visitedSubscription(visit, request));
    if (schedule !== undefined) {
      change(visit, (tx) => releaseSchedule(tx, schedule));
    }
    goHome(visit, response, "kept");
  });
}

function choiceOf(visit: Visit, request: Request): PortalChoice {
  const { state } = visit.account;
  const subscription = visitedSubscription(visit, request);
  const item = changeableItem(state, visit.features, subscription);
  const price = state.prices.get(String(request.params.price));
  if (price === undefined) {
    throw new RequestError("There is no such price.", {
      status: 404,
      type: "invalid_request_error",
    });
  }
  const [wanted] = visit.session.flow?.subscription_update_confirm?.items ?? [];
  const quantity = wanted?.price === price.id ? (wanted.quantity ?? 1) : (item.quantity ?? 1);
  const choice = { subscription, item, price, quantity };
  checkChoice(state, visit.features, choice);
  return choice;
}

function refusing(visit: Visit, response: Response, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    const status = error.details.status === 404 ? 404 : 409;
    const options = { status, tone: "warn", back: `${visit.path}/home` } as const;
    sendPage(response, messagePage("This cannot be done now", error.message, options));
  }
}
