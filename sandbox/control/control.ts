import express, { type NextFunction, type Request, type Response, Router } from "express";
import type { Account } from "../account.ts";
import { ROUTE_NAMES } from "../api/api.ts";
import { findTestCard } from "../engine/cards.ts";
import { completeDelayed, completeSession } from "../engine/checkout/checkout.ts";
import { RequestError } from "../engine/request_error.ts";
import { type DeliverySettings, resetState } from "../state/state.ts";
import type { WireCheckoutSession } from "../state/wire.ts";
import type { Deliverer } from "../webhooks/deliverer.ts";
import { assume, readAssumptions } from "./assumptions.ts";
import { moveClock, readClock } from "./clock.ts";
import { discountCustomer } from "./discounts.ts";
import { readDunning, setDunning } from "./dunning.ts";
import { addFault, readFaults } from "./faults.ts";
import { ControlError, flag, number, readBody, text } from "./json_body.ts";
import { decideDispute, disputePayment, returnRefund, warnOfPayment } from "./payments.ts";

/** What the control API works with. */
export interface ControlPorts {
  account: Account;
  deliverer: Deliverer;
  /** Resolves when the state is safe. */
  saved: () => Promise<void>;
}

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

/** The control API under `/_sandbox`, which Stripe does not have. */
export function createControl(ports: ControlPorts): Router {
  const { account, deliverer } = ports;
  const router = Router();
  router.use(requireJson, express.json({ strict: true }));

  const call = (work: (request: Request) => object | Promise<object>) => {
    return async (request: Request, response: Response) => {
      const answer = await work(request);
      await ports.saved();
      response.json(answer);
    };
  };

  router.get(
    "/clock",
    call(() => readClock(account)),
  );
  router.post(
    "/clock",
    call(({ body }) => moveClock(account, body)),
  );
  router.get(
    "/assumptions",
    call(() => readAssumptions(account.state)),
  );
  router.post(
    "/assumptions",
    call(({ body }) => assume(account.state, body)),
  );
  router.get(
    "/dunning",
    call(() => readDunning(account.state)),
  );
  router.post(
    "/dunning",
    call(({ body }) => setDunning(account.state, body)),
  );
  router.post(
    "/checkout/:session/complete",
    call((request) => complete(account, request)),
  );
  router.post(
    "/checkout/:session/dispute",
    call(({ params, body }) => disputePayment(account, String(params.session), body)),
  );
  router.post(
    "/payments/:payment/dispute",
    call(({ params, body }) => disputePayment(account, String(params.payment), body)),
  );
  router.post(
    "/payments/:payment/fraud_warning",
    call(({ params, body }) => warnOfPayment(account, String(params.payment), body)),
  );
  router.post(
    "/disputes/:dispute/close",
    call(({ params, body }) => decideDispute(account, String(params.dispute), body)),
  );
  router.post(
    "/refunds/:refund/fail",
    call(({ params, body }) => returnRefund(account, String(params.refund), body)),
  );
  router.post(
    "/customers/:customer/discount",
    call(({ params, body }) => discountCustomer(account, String(params.customer), body)),
  );
  router.get(
    "/delivery",
    call(() => deliverer.settings),
  );
  router.post(
    "/delivery",
    call(({ body }) => configure(deliverer, body)),
  );
  router.get(
    "/faults",
    call(() => readFaults(account.state)),
  );
  router.post(
    "/faults",
    call(({ body }) => addFault(account.state, ROUTE_NAMES, body)),
  );
  router.post(
    "/events/:event/resend",
    call((request) => resend(ports, request)),
  );
  router.get(
    "/deliveries",
    call(({ query }) => deliveries(account, query.type)),
  );
  router.post(
    "/reset",
    call(({ body }) => {
      readBody({}, body);
      resetState(account.state);
      deliverer.forget();
      return readClock(account);
    }),
  );
  router.use((request) => {
    throw new ControlError(`No such control call: ${request.method} ${request.originalUrl}`, 404);
  });
  router.use(refuse);
  return router;
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  if (request.method !== "GET" && !request.is("application/json")) {
    throw new ControlError('Send JSON with the header "Content-Type: application/json"', 415);
  }
  next();
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

function resend({ account, deliverer }: ControlPorts, request: Request): object {
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

function refuse(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  response.status(status).json({ error: message });
}

function statusOf(error: unknown): number {
  if (error instanceof ControlError) {
    return error.status;
  }
  if (error instanceof RequestError) {
    return error.details.status;
  }
  return error instanceof SyntaxError ? 400 : 500;
}
