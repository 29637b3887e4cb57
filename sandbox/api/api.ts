import express, { type NextFunction, type Request, type Response, Router } from "express";
import type { Account } from "../account.ts";
import { RequestError } from "../engine/request_error.ts";
import { newShortId } from "../state/ids.ts";
import type { Fault } from "../state/request_records.ts";
import { API_VERSION } from "../state/wire.ts";
import type { RequestLog } from "../stripe_cli/request_logs.ts";
import { stripeCliRoutes } from "../stripe_cli/routes.ts";
import { authenticate } from "./authentication.ts";
import { checkExpansions, expand } from "./expansion/expand.ts";
import { failureOf, holdBack, isKept, takeFault } from "./faults.ts";
import { type FormValue, parseForm } from "./form.ts";
import { fingerprintOf, IdempotencyKeys } from "./idempotency.ts";
import { list, text } from "./params.ts";
import { refundCancellation } from "./paying/refunds.ts";
import { emptyListRoutes } from "./protocol/empty_lists.ts";
import { secondApi } from "./protocol/second_api.ts";
import { readVersion } from "./protocol/versions.ts";
import type { PathIds, Route } from "./route.ts";
import { ROUTES } from "./routes.ts";

const readExpansions = list(text);

/** What the API works with. */
export interface ApiPorts {
  account: Account;
  /** Resolves when the state is safe. */
  saved: () => Promise<void>;
  /** Takes a line that is worth telling once. */
  log: (line: string) => void;
  /** Takes every request once it is answered. */
  requested: (request: RequestLog) => void;
}

interface Answer {
  status: number;
  body: string;
  replayed: boolean;
}

/** A request of the API as it came in. */
interface Incoming {
  id: string;
  form: string;
  path: string;
  idempotencyKey: string | undefined;
}

/** Stripe's API under `/v1`. */
export function createApi(ports: ApiPorts): Router {
  const keys = new IdempotencyKeys(ports.account.state.idempotentAnswers);
  const router = Router({ caseSensitive: true, strict: true });
  router.use("/v1", (_request, response, next) => {
    response.set("Date", new Date(ports.account.nowMs()).toUTCString());
    next();
  });
  router.use("/v1", express.text({ type: () => true, limit: "1mb" }));
  for (const route of [...ROUTES, ...emptyListRoutes, refundCancellation, ...stripeCliRoutes]) {
    const method = route.method.toLowerCase() as Lowercase<Route["method"]>;
    router[method](route.path, (request, response) =>
      reply(ports, request, response, (incoming) => execute(ports, keys, route, incoming, request)),
    );
  }
  router.use("/v1", (request, response) =>
    reply(ports, request, response, () => {
      throw new RequestError(
        `Unrecognized request URL (${request.method}: ${request.originalUrl.split("?")[0]}). ` +
          "The sandbox may not know this part of Stripe's API.",
        { status: 404, type: "invalid_request_error" },
      );
    }),
  );
  router.use("/v1", refuseBody);
  router.use(secondApi());
  return router;
}

function refuseBody(
  error: Error,
  _request: Request,
  response: Response,
  _next: NextFunction,
): void {
  const { status, body } = errorAnswer(
    new RequestError(`Invalid request body: ${error.message}`, {
      status: 400,
      type: "invalid_request_error",
    }),
  );
  response.status(status).type("json").send(body);
}

/** Says that a request of another version is answered in the sandbox's own. */
function notice({ log }: ApiPorts, response: Response, version: string): void {
  if (version !== API_VERSION) {
    const text = `asked for API version ${version}, answered in the shape of ${API_VERSION}`;
    response.set("Sandbox-Notice", text);
    log(`Stripe sandbox: ${text}`);
  }
}

async function reply(
  ports: ApiPorts,
  request: Request,
  response: Response,
  answer: (incoming: Incoming) => Answer | Promise<Answer>,
): Promise<void> {
  const id = newShortId("req");
  response.set("Request-Id", id);
  response.set("Stripe-Version", API_VERSION);
  response.set("Content-Type", "application/json");
  const send = (status: number, body: string) => {
    response.status(status).send(body);
    ports.requested({
      createdAt: Math.floor(ports.account.nowMs() / 1000),
      method: request.method,
      url: request.path,
      requestId: id,
      status,
      error:
        status < 400
          ? undefined
          : (JSON.parse(body) as { error: NonNullable<RequestLog["error"]> }).error,
    });
  };
  try {
    authenticate(request.get("Authorization"), request);
    notice(ports, response, readVersion(request.get("Stripe-Version")));
    const query = request.originalUrl.split("?")[1] ?? "";
    const body = typeof request.body === "string" ? request.body : "";
    const incoming: Incoming = {
      id,
      form: [query, body].filter((part) => part !== "").join("&"),
      path: request.path,
      idempotencyKey: request.method === "POST" ? request.get("Idempotency-Key") : undefined,
    };
    const { status, body: text, replayed } = await answer(incoming);
    if (replayed) {
      response.set("Idempotent-Replayed", "true");
    }
    send(status, text);
  } catch (error) {
    const { status, body } = errorAnswer(error);
    send(status, body);
  }
}

async function execute(
  ports: ApiPorts,
  keys: IdempotencyKeys,
  route: Route,
  incoming: Incoming,
  request: Request,
): Promise<Answer> {
  const { account, saved } = ports;
  const { idempotencyKey: key } = incoming;
  const fingerprint = fingerprintOf(request.method, incoming.path, incoming.form);
  const known = key === undefined ? undefined : keys.claim(key, fingerprint, account.baseNowMs());
  if (known !== undefined) {
    return { ...known, replayed: true };
  }
  const fault = takeFault(account.state, route);
  try {
    const { expand: wanted, ...form } = parseForm(incoming.form);
    const expansions = readExpansions(wanted, "expand") ?? [];
    checkExpansions(route.returns, expansions);
    const run = route.prepare(form, idsOf(request));
    const executed = () => {
      const source = { id: incoming.id, idempotency_key: key ?? null };
      const object = account.transact(run, idsIn(form, request.params), source);
      return expand(account.state, object, route.returns, expansions);
    };
    const answer = answerOf(() => failing(fault, executed));
    if (key !== undefined && (fault === undefined || fault.executed || isKept(fault))) {
      keys.store(key, { fingerprint, storedAtMs: account.baseNowMs(), ...answer });
    }
    await saved();
    return { ...answer, replayed: false };
  } finally {
    if (key !== undefined) {
      keys.release(key);
    }
    await holdBack(fault);
  }
}

/** Executes a request, or does not, and answers as a fault says. */
function failing(fault: Fault | undefined, executed: () => object): object {
  const failure = fault === undefined ? undefined : failureOf(fault);
  if (failure === undefined) {
    return executed();
  }
  if (fault?.executed) {
    executed();
  }
  throw failure;
}

/** Every text of a request that may be the id of what it is about. */
function idsIn(form: FormValue, params: Record<string, unknown>): string[] {
  const values =
    typeof form === "string" ? [form] : Object.values(form).flatMap((value) => idsIn(value, {}));
  return [...Object.values(params).filter((value) => typeof value === "string"), ...values];
}

function idsOf({ params }: Request): PathIds {
  const { id, second } = params;
  return {
    id: typeof id === "string" ? id : "",
    second: typeof second === "string" ? second : "",
  };
}

function answerOf(run: () => object): { status: number; body: string } {
  try {
    return { status: 200, body: JSON.stringify(run(), null, 2) };
  } catch (error) {
    return errorAnswer(error);
  }
}

function errorAnswer(error: unknown): { status: number; body: string } {
  const known =
    error instanceof RequestError
      ? error
      : new RequestError(`The sandbox failed: ${String(error)}`, {
          status: 500,
          type: "api_error",
        });
  const { status, ...details } = known.details;
  const body = { error: { ...details, message: known.message } };
  return { status, body: JSON.stringify(body, null, 2) };
}
