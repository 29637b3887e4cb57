import type { IncomingMessage } from "node:http";
import type { CheckLimit, LimitCheck } from "../../../application/quota/check_limit.ts";
import type { Countable } from "../../../domain/catalog/plan_limits.ts";
import { limitReached } from "../quota/limit_reply.ts";
import {
  type Decide,
  decided,
  type GuardedRequest,
  guard,
  type Middleware,
  NOTHING_TO_DECIDE,
} from "./decision.ts";

/** What checking limits needs of billing. */
export interface LimitBilling {
  readonly checkLimit: Pick<CheckLimit, "execute">;
}

/** How requests are read that make more of something countable. */
export interface LimitGuardOptions<Request> {
  readonly of: Countable;
  /** How many there will be when the handler has run: those that there are, and the new ones. */
  readonly count: (request: Request) => number | Promise<number>;
  /** Whose they are. The application has to be sure of that before. */
  readonly tenant: (request: Request) => string;
}

const checked = new WeakMap<object, LimitCheck>();

/** What a guard has found for a request; `undefined` where it looked at nothing. */
export function checkedLimit(request: object): LimitCheck | undefined {
  return checked.get(request);
}

/**
 * Decides whether a tenant may have so many of something: allowed, or refused with 422
 * `plan_limit_reached` and the plan that would allow it (P45), or with 503 while the store fails.
 */
export function limitDecision<Request extends GuardedRequest>(
  { checkLimit }: LimitBilling,
  { of, count, tenant }: LimitGuardOptions<Request>,
): Decide<Request, LimitCheck> {
  return async (request) => {
    const wanted = await count(request);
    return await decided(request, async () => {
      const tenantId = tenant(request);
      const check = await checkLimit.execute({ tenantId, of, count: wanted });
      return check.allowed ? { ...NOTHING_TO_DECIDE, grant: check } : limitReached(of, check);
    });
  };
}

/**
 * Middleware for routes that make domains, members or templates. What is over the limit is refused
 * with 422; what is there stays, also after a downgrade. Two requests at once are both compared
 * with the number that you have counted: where that must not be, count again when you store.
 */
export function limitGuard<Request extends IncomingMessage>(
  billing: LimitBilling,
  options: LimitGuardOptions<Request>,
): Middleware<Request> {
  return guard(limitDecision(billing, options), { grants: checked });
}
