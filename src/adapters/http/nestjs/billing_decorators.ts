import type { ServerResponse } from "node:http";
import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  Logger,
  mixin,
  UseGuards,
} from "@nestjs/common";
import type { Countable } from "../../../domain/catalog/plan_limits.ts";
import type { Decide, GuardedRequest } from "../guards/decision.ts";
import { limitDecision } from "../guards/limit_guard.ts";
import { quotaDecision } from "../guards/quota_guard.ts";
import { type TokenDecisionOptions, tokenDecision } from "../guards/token_guard.ts";
import {
  BILLING_OPTIONS,
  type BillingModuleOptions,
  type NestBilling,
  type NestRequest,
} from "./billing_options.ts";

type Requested = NestRequest & GuardedRequest;

const grants = new WeakMap<object, unknown>();

/**
 * Counts e-mails before the handler runs; see `quotaGuard`.
 *
 * @param count of a request; each recipient is one
 */
export function ConsumesEmails(count: (request: NestRequest) => number): MethodDecorator {
  return guardedBy(({ billing, tenant }) =>
    quotaDecision<Requested>(having(billing, ["consumeEmailQuota", "releaseEmailQuota"]), {
      count,
      tenant,
    }),
  );
}

/**
 * Lets the handler make more of something countable; see `limitGuard`.
 *
 * @param count how many there will be when the handler has run
 */
export function ChecksLimit(
  of: Countable,
  count: (request: NestRequest) => number | Promise<number>,
): MethodDecorator {
  return guardedBy(({ billing, tenant }) =>
    limitDecision<Requested>(having(billing, ["checkLimit"]), { of, count, tenant }),
  );
}

/** Reserves tokens around a handler that calls a model; see `tokenGuard`. */
export function SpendsTokens(
  options: Omit<TokenDecisionOptions<NestRequest>, "tenant">,
): MethodDecorator {
  return guardedBy(({ billing, tenant }) => {
    const needs = [
      "reserveTokens",
      "commitReservation",
      "releaseReservation",
      "spendTokens",
    ] as const;
    return tokenDecision<Requested>(having(billing, needs), { ...options, tenant });
  });
}

/**
 * What was set aside for the request: `CountedRequest`, `LimitCheck` or `ReservedTokens`, by the
 * decorator of its handler.
 */
export const Granted: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext) => grants.get(context.switchToHttp().getRequest()),
);

/** Runs a decision as a guard of its own: after the controller's and the application's guards. */
function guardedBy(
  decisionOf: (
    options: Required<Pick<BillingModuleOptions, "billing" | "tenant">>,
  ) => Decide<Requested, unknown>,
): MethodDecorator {
  class BillingGuard implements CanActivate {
    readonly #decide: Decide<Requested, unknown>;
    readonly #logger = new Logger("Billing");

    constructor({ billing, tenant = tenantOfUser }: BillingModuleOptions) {
      this.#decide = decisionOf({ billing, tenant });
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const http = context.switchToHttp();
      const request = http.getRequest<Requested>();
      const response = http.getResponse<ServerResponse>();
      const decision = await this.#decide(request);
      for (const [name, value] of Object.entries(decision.headers)) {
        response.setHeader(name, value);
      }
      if (!decision.allowed) {
        throw new HttpException(decision.body, decision.statusCode);
      }
      grants.set(request, decision.grant ?? undefined);
      response.once("finish", () => {
        decision.settle(response.statusCode).catch((error) => this.#logger.error(error));
      });
      return true;
    }
  }
  Injectable()(BillingGuard);
  Inject(BILLING_OPTIONS)(BillingGuard, undefined, 0);
  return applyDecorators(UseGuards(mixin(BillingGuard)));
}

function tenantOfUser({ user }: NestRequest): string {
  if (user?.tenantId === undefined) {
    throw new TypeError(
      "Cannot tell the tenant: no guard has set request.user.tenantId; give BillingModule `tenant`",
    );
  }
  return user.tenantId;
}

/** Billing with these use cases, which `createQuota` alone may lack. */
function having<Name extends keyof NestBilling>(billing: NestBilling, names: readonly Name[]) {
  const missing = names.filter((name) => billing[name] === undefined);
  if (missing.length > 0) {
    throw new TypeError(`Cannot guard: billing has no ${missing.join(", ")}; use createBilling`);
  }
  return billing as NestBilling & Required<Pick<NestBilling, Name>>;
}
