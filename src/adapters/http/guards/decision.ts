import type { IncomingMessage, ServerResponse } from "node:http";
import { PortError } from "../../../application/ports/port_error.ts";
import { writeReply } from "../endpoint.ts";
import { errorBody, httpErrorOf } from "../errors.ts";
import { HttpError } from "../http_error.ts";
import type { Addressed } from "../request_path.ts";

/** A request as guards take it: Node's, Express's, Fastify's, or a standard `Request`. */
export type GuardedRequest = Addressed;

/** What a guard says about a request, before its handler runs. */
export type Decision<Grant> = Allowed<Grant> | Refused;

/** The handler may run. */
export interface Allowed<Grant> {
  readonly allowed: true;
  /** For the answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** What was set aside for the handler; `null` where there was nothing to set aside. */
  readonly grant: Grant | null;
  /**
   * To be called once with the answer's status, when it is sent: what was set aside is kept, or
   * given back after an error (400 and above), unless the handler has ended it itself.
   */
  settle(statusCode: number): Promise<void>;
}

/** The handler must not run; the answer is this, in MailingCore's shape. */
export interface Refused {
  readonly allowed: false;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent as JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Decides about a request. Rejects only for what the host got wrong, such as a count of `NaN`. */
export type Decide<Request extends GuardedRequest, Grant> = (
  request: Request,
) => Promise<Decision<Grant>>;

/** Middleware of Express, Connect and all that take the same. */
export type Middleware<Request> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/** What is counted for nobody: the handler may run, and there is nothing to settle. */
export const NOTHING_TO_DECIDE: Allowed<never> = {
  allowed: true,
  headers: {},
  grant: null,
  settle: async () => undefined,
};

/** The decision that `decide` comes to; a failing dependency refuses the request. */
export async function decided<Grant>(
  request: GuardedRequest,
  decide: () => Promise<Allowed<Grant> | HttpError>,
): Promise<Decision<Grant>> {
  const decision = await orFailure(decide);
  if (!(decision instanceof HttpError)) {
    return decision;
  }
  const { statusCode, headers } = decision;
  return { allowed: false, statusCode, headers, body: errorBody(request, decision) };
}

async function orFailure<T>(decide: () => Promise<T>): Promise<T | HttpError> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof PortError) {
      return httpErrorOf(error);
    }
    throw error;
  }
}

/** How middleware carries a decision out. */
export interface GuardOptions<Grant> {
  /** Where handlers find what was set aside for their request. */
  readonly grants: WeakMap<object, Grant>;
  /** Hears what could not be settled. Default: nobody does. */
  readonly onSettleError?: ((error: unknown) => void) | undefined;
}

/** Middleware that refuses a request, or lets its handler run and settles when it has answered. */
export function guard<Request extends IncomingMessage & GuardedRequest, Grant>(
  decide: Decide<Request, Grant>,
  { grants, onSettleError = () => undefined }: GuardOptions<Grant>,
): Middleware<Request> {
  return async (request, response, next) => {
    try {
      const decision = await decide(request);
      if (!decision.allowed) {
        const { statusCode: status, body, headers } = decision;
        writeReply(response, { status, body, headers });
        return;
      }
      const { grant, headers, settle } = decision;
      if (grant !== null) {
        grants.set(request, grant);
      }
      for (const [name, value] of Object.entries(headers)) {
        response.setHeader(name, value);
      }
      response.once("finish", () => {
        settle(response.statusCode).catch(onSettleError);
      });
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
}
