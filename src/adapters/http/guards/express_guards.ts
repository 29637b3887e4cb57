import type { Request, RequestHandler } from "express";
import {
  type LimitBilling,
  type LimitGuardOptions as LimitOptions,
  limitGuard as limitMiddleware,
} from "./limit_guard.ts";
import {
  type QuotaBilling,
  type QuotaGuardOptions as QuotaOptions,
  quotaGuard as quotaMiddleware,
} from "./quota_guard.ts";
import {
  type TokenBilling,
  type TokenGuardOptions as TokenOptions,
  tokenGuard as tokenMiddleware,
} from "./token_guard.ts";

/** How `quotaGuard` reads Express's requests. */
export type QuotaGuardOptions = QuotaOptions<Request>;

/** How `limitGuard` reads Express's requests. */
export type LimitGuardOptions = LimitOptions<Request>;

/** How `tokenGuard` reads Express's requests. */
export type TokenGuardOptions = TokenOptions<Request>;

/** {@inheritDoc quotaMiddleware} */
export const quotaGuard: (billing: QuotaBilling, options: QuotaGuardOptions) => RequestHandler =
  quotaMiddleware;

/** {@inheritDoc limitMiddleware} */
export const limitGuard: (billing: LimitBilling, options: LimitGuardOptions) => RequestHandler =
  limitMiddleware;

/** {@inheritDoc tokenMiddleware} */
export const tokenGuard: (billing: TokenBilling, options: TokenGuardOptions) => RequestHandler =
  tokenMiddleware;
