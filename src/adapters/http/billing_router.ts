import express, { type Router } from "express";
import type { Billing } from "../../application/billing.ts";
import type { TenantAccess } from "../../application/ports/tenant_access.ts";
import type { Logger } from "../../kit/logger.ts";
import { listAttentionEndpoint } from "./attention/list_attention_endpoint.ts";
import { resolveAttentionEndpoint } from "./attention/resolve_attention_endpoint.ts";
import { listAuditEndpoint } from "./audit/list_audit_endpoint.ts";
import { type AuthenticationOptions, identify, requireUser } from "./authentication.ts";
import { listPlansEndpoint } from "./catalog/list_plans_endpoint.ts";
import { listTokenPacksEndpoint } from "./catalog/list_token_packs_endpoint.ts";
import { listInvoicesEndpoint } from "./checkout/list_invoices_endpoint.ts";
import { openPortalEndpoint } from "./checkout/open_portal_endpoint.ts";
import { previewCheckoutEndpoint } from "./checkout/preview_checkout_endpoint.ts";
import { startCheckoutEndpoint } from "./checkout/start_checkout_endpoint.ts";
import { ClaimsTenantAccess } from "./claims_tenant_access.ts";
import type { Access, Endpoint } from "./endpoint.ts";
import { handleErrors } from "./errors.ts";
import { listEventsEndpoint } from "./events/list_events_endpoint.ts";
import { readEventEndpoint } from "./events/read_event_endpoint.ts";
import { replayEventEndpoint } from "./events/replay_event_endpoint.ts";
import { stripeWebhookEndpoint } from "./events/stripe_webhook_endpoint.ts";
import { type Guards, mountEndpoints } from "./mount_endpoints.ts";
import { requireOperator } from "./operator_access.ts";
import { consumeEmailsEndpoint } from "./quota/consume_emails_endpoint.ts";
import { releaseEmailsEndpoint } from "./quota/release_emails_endpoint.ts";
import { limitRate } from "./rate_limit.ts";
import { takeRequestId } from "./request_id.ts";
import { requireServiceTenant } from "./service_access.ts";
import { readSubscriptionEndpoint } from "./subscription/read_subscription_endpoint.ts";
import { requireAdmin, requireMember, requirePayer } from "./tenant_context.ts";
import { commitReservationEndpoint } from "./tokens/commit_reservation_endpoint.ts";
import { debitTokensEndpoint } from "./tokens/debit_tokens_endpoint.ts";
import { readTokensEndpoint } from "./tokens/read_tokens_endpoint.ts";
import { releaseReservationEndpoint } from "./tokens/release_reservation_endpoint.ts";
import { reserveTokensEndpoint } from "./tokens/reserve_tokens_endpoint.ts";
import { tokenPeriodsEndpoint } from "./tokens/token_periods_endpoint.ts";

export {
  type CountedRequest,
  countedRequest,
  type QuotaGuardOptions,
  quotaGuard,
} from "./quota/quota_guard.ts";

const WEBHOOK_DEADLINE_MS = 8_000;

/** The use cases behind the routes. */
export type BillingUseCases = Pick<
  Billing,
  | "listPlans"
  | "listAttention"
  | "resolveAttention"
  | "listAuditEntries"
  | "startCheckout"
  | "previewCheckout"
  | "openPortal"
  | "listInvoices"
  | "readSubscription"
  | "receiveStripeEvent"
  | "handleStripeEvent"
  | "listEvents"
  | "readEvent"
  | "replayEvent"
  | "causes"
  | "consumeEmailQuota"
  | "releaseEmailQuota"
  | "listTokenPacks"
  | "startPackCheckout"
  | "readTokens"
  | "readTokenPeriods"
  | "spendTokens"
  | "reserveTokens"
  | "commitReservation"
  | "releaseReservation"
>;

/** What the billing routes need. */
export interface BillingRouterOptions {
  readonly billing: BillingUseCases;
  readonly authentication: AuthenticationOptions;
  /** Who belongs to which tenant. Default: what the token claims. */
  readonly tenantAccess?: TenantAccess | undefined;
  /** Per user, else per IP address; webhooks are not counted. Default: no limit. */
  readonly rateLimitPerMinute?: number | undefined;
  /** How long a webhook's answer waits for the event's handling. Milliseconds, default 8,000. */
  readonly webhookDeadlineMs?: number | undefined;
  readonly logger: Pick<Logger, "debug" | "info" | "warn" | "error">;
}

/** Every route below `/billing`, with who may use it. */
export function billingEndpoints({
  billing,
  webhookDeadlineMs = WEBHOOK_DEADLINE_MS,
  logger,
}: Pick<BillingRouterOptions, "billing" | "webhookDeadlineMs" | "logger">): readonly Endpoint[] {
  const { receiveStripeEvent, handleStripeEvent } = billing;
  return [
    listPlansEndpoint(billing.listPlans),
    startCheckoutEndpoint(billing.startCheckout, billing.startPackCheckout),
    previewCheckoutEndpoint(billing.previewCheckout),
    openPortalEndpoint(billing.openPortal),
    listInvoicesEndpoint(billing.listInvoices),
    readSubscriptionEndpoint(billing.readSubscription),
    listAttentionEndpoint(billing.listAttention),
    resolveAttentionEndpoint(billing.resolveAttention),
    listAuditEndpoint(billing.listAuditEntries),
    stripeWebhookEndpoint({
      receiveStripeEvent,
      handleStripeEvent,
      deadlineMs: webhookDeadlineMs,
      logger,
    }),
    listEventsEndpoint(billing.listEvents),
    readEventEndpoint(billing.readEvent),
    replayEventEndpoint(billing.replayEvent),
    consumeEmailsEndpoint(billing.consumeEmailQuota),
    releaseEmailsEndpoint(billing.releaseEmailQuota),
    listTokenPacksEndpoint(billing.listTokenPacks),
    readTokensEndpoint(billing.readTokens),
    tokenPeriodsEndpoint(billing.readTokenPeriods),
    debitTokensEndpoint(billing.spendTokens),
    reserveTokensEndpoint(billing.reserveTokens),
    commitReservationEndpoint(billing.commitReservation),
    releaseReservationEndpoint(billing.releaseReservation),
  ];
}

/**
 * The billing routes for any Express 5 application, at any path. Errors are answered by the router
 * itself. Mount it before `express.json()`, or keep the webhook's bytes in `request.rawBody` (P01).
 *
 * @throws {RangeError} when the authentication's key cannot be used
 */
export function createBillingRouter(options: BillingRouterOptions): Router {
  const router = express.Router();
  router.use(takeRequestId);
  router.use(
    mountEndpoints(billingEndpoints(options), {
      guards: guardsOf(options),
      causes: options.billing.causes,
    }),
  );
  router.use(handleErrors(options.logger));
  return router;
}

function guardsOf(options: BillingRouterOptions): Guards<Access> {
  const { authentication, rateLimitPerMinute: requestsPerMinute } = options;
  const access = options.tenantAccess ?? new ClaimsTenantAccess(authentication.tenantsClaim);
  const user = [
    identify(authentication),
    ...(requestsPerMinute === undefined ? [] : [limitRate({ requestsPerMinute })]),
    requireUser,
  ];
  const member = [...user, requireMember(access)];
  const operator = [...user, requireOperator(authentication.tenantsClaim)];
  const service = [...user, requireServiceTenant(access, authentication.tenantsClaim)];
  const admin = [...member, requireAdmin];
  const payer = [...member, requirePayer];
  return { public: [], signature: [], user, member, admin, payer, service, operator };
}
