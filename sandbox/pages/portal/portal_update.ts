import type { Request, Response } from "express";
import { codeNamed } from "../../engine/invoicing/discounts.ts";
import {
  allowsCodes,
  changeableItem,
  checkChoice,
  chosenQuantity,
  confirmChoice,
  isPutOff,
  type PortalChoice,
} from "../../engine/portal_update.ts";
import { invalidRequest, RequestError } from "../../engine/request_error.ts";
import { releaseSchedule, scheduleOf } from "../../engine/schedules.ts";
import type { WirePromotionCode } from "../../state/wire.ts";
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
    const done = isPutOff(visit.account.state, visit.features, choice) ? "scheduled" : "updated";
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
  const present = wanted?.price === price.id ? (wanted.quantity ?? 1) : (item.quantity ?? 1);
  const typed = typedText(request, "quantity");
  const quantity = typed === "" ? present : chosenQuantity(visit.features, price, typed);
  const code = typedCode(visit, typedText(request, "code"));
  const choice = { subscription, item, price, quantity, ...(code && { code }) };
  checkChoice(state, visit.features, choice);
  return choice;
}

/** What was typed into a field, which stands in the address before it is confirmed. */
function typedText({ body, query }: Request, name: string): string {
  const values = new Map<string, unknown>(Object.entries({ ...query, ...body }));
  return String(values.get(name) ?? "").trim();
}

/** @throws {RequestError} where there is no such code, or the configuration takes none */
function typedCode({ account, features }: Visit, typed: string): WirePromotionCode | undefined {
  if (typed === "") {
    return undefined;
  }
  const now = Math.floor(account.nowMs() / 1000);
  const code = codeNamed(account.state, typed, now);
  if (code === undefined || !allowsCodes(features)) {
    throw invalidRequest("This code is invalid.", "code");
  }
  return code;
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
