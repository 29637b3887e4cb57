import type { Request } from "express";
import type { Account } from "../account.ts";
import { ROUTE_NAMES } from "../api/routes.ts";
import { findTestCard } from "../engine/cards.ts";
import { completeDelayed, completeSession } from "../engine/checkout/checkout.ts";
import type { DeliverySettings } from "../state/delivery.ts";
import { resetState } from "../state/reset_state.ts";
import type { WireCheckoutSession } from "../state/wire.ts";
import type { Deliverer } from "../webhooks/deliverer.ts";
import { assume, readAssumptions } from "./assumptions.ts";
import { moveClock, readClock } from "./clock.ts";
import { discountCustomer } from "./discounts.ts";
import { readDunning, setDunning } from "./dunning.ts";
import { addFault, readFaults } from "./faults.ts";
import { ControlError, flag, number, readBody, text } from "./json_body.ts";
import { decideDispute, disputePayment, returnRefund, warnOfPayment } from "./payments.ts";

/** What a control call works with. */
export interface ControlContext {
  readonly account: Account;
  readonly deliverer: Deliverer;
}

/** Carries out a call and returns the JSON to answer. */
type ControlCall = (context: ControlContext, request: Request) => object | Promise<object>;

const DELIVERY_FIELDS = {
  paused: flag,
  duplicates: number((n) => Number.isInteger(n) && n >= 1 && n <= 20, "an integer from 1 to 20"),
  shuffle: flag,
  delayMs: number((n) => n >= 0 && n <= 60_000, "a number from 0 to 60000"),
  dropRate: number((n) => n >= 0 && n <= 1, "a number from 0 to 1"),
  seed: number(Number.isSafeInteger, "an integer"),
};

/** What the payer of a session types; all of it may be left out. */
const PAYER = { card: text, country: text, email: text, method: text, name: text };

const NO_ADDRESS = { city: null, line1: null, line2: null, postal_code: null, state: null };

/** Every call of the control API. */
export const CONTROL_CALLS: readonly (readonly ["get" | "post", path: string, ControlCall])[] = [
  ["get", "/clock", ({ account }) => readClock(account)],
  ["post", "/clock", ({ account }, { body }) => moveClock(account, body)],
  ["get", "/assumptions", ({ account }) => readAssumptions(account.state)],
  ["post", "/assumptions", ({ account }, { body }) => assume(account.state, body)],
  ["get", "/dunning", ({ account }) => readDunning(account.state)],
  ["post", "/dunning", ({ account }, { body }) => setDunning(account.state, body)],
  ["post", "/checkout/:session/complete", ({ account }, request) => complete(account, request)],
  ["post", "/checkout/:session/dispute", about("session", disputePayment)],
  ["post", "/payments/:payment/dispute", about("payment", disputePayment)],
  ["post", "/payments/:payment/fraud_warning", about("payment", warnOfPayment)],
  ["post", "/disputes/:dispute/close", about("dispute", decideDispute)],
  ["post", "/refunds/:refund/fail", about("refund", returnRefund)],
  ["post", "/customers/:customer/discount", about("customer", discountCustomer)],
  ["get", "/delivery", ({ deliverer }) => deliverer.settings],
  ["post", "/delivery", ({ deliverer }, { body }) => configure(deliverer, body)],
  ["get", "/faults", ({ account }) => readFaults(account.state)],
  ["post", "/faults", ({ account }, { body }) => addFault(account.state, ROUTE_NAMES, body)],
  ["post", "/events/:event/resend", resend],
  ["get", "/deliveries", ({ account }, { query }) => deliveries(account, query.type)],
  ["post", "/reset", reset],
];

function about(
  parameter: string,
  work: (account: Account, id: string, body: unknown) => object | Promise<object>,
): ControlCall {
  return ({ account }, { params, body }) => work(account, String(params[parameter]), body);
}

function complete(account: Account, request: Request): WireCheckoutSession {
  const { card, method, email, name, country } = readBody(PAYER, request.body);
  const session = account.state.checkoutSessions.get(String(request.params.session));
  if (session === undefined) {
    throw new ControlError("No such Checkout Session", 404);
  }
  if (method !== undefined) {
    return completeLater(account, session, method);
  }
  const testCard = findTestCard(card ?? "4242424242424242");
  if (testCard === undefined) {
    throw new ControlError('Bad "card": expected one of the test cards');
  }
  if (testCard.behavior === "declined") {
    throw new ControlError("Your card was declined.", 402);
  }
  const typed = {
    email: email ?? session.customer_details?.email ?? "customer@example.com",
    name: name ?? null,
  };
  const address = country === undefined ? null : { ...NO_ADDRESS, country };
  account.transact(
    (tx) => {
      const expYear = new Date(tx.now * 1000).getUTCFullYear() + 3;
      const entered = { number: testCard.number, expMonth: 12, expYear, ...typed };
      completeSession(tx, session, entered, address === null ? {} : { address });
    },
    [session.id],
  );
  return session;
}

function completeLater(
  account: Account,
  session: WireCheckoutSession,
  method: string,
): WireCheckoutSession {
  if (method !== "bank_debit" && method !== "bank_debit_fails") {
    throw new ControlError('Bad "method": expected bank_debit or bank_debit_fails');
  }
  account.transact((tx) => completeDelayed(tx, session, method === "bank_debit"), [session.id]);
  return session;
}

function configure(deliverer: Deliverer, body: unknown): DeliverySettings {
  const changes = readBody(DELIVERY_FIELDS, body);
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  deliverer.configure(Object.fromEntries(given));
  return deliverer.settings;
}

function resend({ account, deliverer }: ControlContext, request: Request): object {
  readBody({}, request.body);
  const event = account.state.events.get(String(request.params.event));
  if (event === undefined) {
    throw new ControlError("No such event", 404);
  }
  return { deliveries: deliverer.resend(event) };
}

function deliveries({ state }: Account, type: unknown): object {
  const all = [...state.deliveries.values()];
  return { deliveries: type === undefined ? all : all.filter((found) => found.type === type) };
}

function reset({ account, deliverer }: ControlContext, { body }: Request): object {
  readBody({}, body);
  resetState(account.state);
  deliverer.forget();
  return readClock(account);
}
