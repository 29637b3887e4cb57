import type { Log } from "../../../kit/log.ts";
import type { Worker } from "../../../kit/repeat.ts";
import type { BillingRouter } from "../billing_router.ts";
import type { LimitBilling } from "../guards/limit_guard.ts";
import type { QuotaBilling } from "../guards/quota_guard.ts";
import type { TokenBilling } from "../guards/token_guard.ts";

/** Where what `createBilling` or `createQuota` made is injected: `@Inject(BILLING)`. */
export const BILLING = Symbol("MailingCore billing");

/** Where the module's options are injected. */
export const BILLING_OPTIONS = Symbol("MailingCore billing options");

/** What the guards and the module need of billing: `createQuota` has some, `createBilling` all. */
export type NestBilling = Partial<QuotaBilling & LimitBilling & TokenBilling> & {
  startWorkers?(options: { readonly logger: Pick<Log, "info" | "warn" | "error"> }): Worker;
  close(): Promise<void>;
};

/** Options of `BillingModule`. */
export interface BillingModuleOptions {
  readonly billing: NestBilling;
  /**
   * Who a request is for, once the application's own guard has let it through. Default: the
   * `tenantId` of `request.user`.
   */
  readonly tenant?: (request: NestRequest) => string;
  /**
   * The routes and the webhook, as `createBillingRouter` makes them, mounted at `/billing`. The
   * application has to be made with `rawBody: true`.
   */
  readonly router?: BillingRouter;
  /** Starts the workers with this logger. Default: another process runs them. */
  readonly workers?: { readonly logger: Pick<Log, "info" | "warn" | "error"> };
}

/** A request as Nest's Express adapter has it, with what a guard has found out. */
export interface NestRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly user?: { readonly tenantId?: string };
  // biome-ignore lint/suspicious/noExplicitAny: the application's own pipes check it
  readonly body?: any;
}
