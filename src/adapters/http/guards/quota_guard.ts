import type { IncomingMessage } from "node:http";
import type { ConsumeEmailQuota } from "../../../application/quota/consume_email_quota.ts";
import type {
  ConsumeEmailQuotaOutcome,
  StoreFailurePolicy,
} from "../../../application/quota/consume_email_quota_outcome.ts";
import type { EmailQuotaView } from "../../../application/quota/email_quota_view.ts";
import type { ReleaseEmailQuota } from "../../../application/quota/release_email_quota.ts";
import type { HttpError } from "../http_error.ts";
import { quotaExceeded, quotaHeaders } from "../quota/quota_reply.ts";
import {
  type Allowed,
  type Decide,
  decided,
  type GuardedRequest,
  guard,
  type Middleware,
  NOTHING_TO_DECIDE,
} from "./decision.ts";

/** What counting needs of billing. */
export interface QuotaBilling {
  readonly consumeEmailQuota: Pick<ConsumeEmailQuota, "execute">;
  readonly releaseEmailQuota: Pick<ReleaseEmailQuota, "execute">;
}

/** How requests are read, and what happens when the store is down. */
export interface QuotaDecisionOptions<Request> {
  /** How many e-mails a request sends: each recipient is one. 0: nothing is counted. */
  readonly count: (request: Request) => number;
  /** Who sends them. The application has to be sure of that before. */
  readonly tenant: (request: Request) => string;
  /** Default: what billing is set to. */
  readonly whenStoreFails?: StoreFailurePolicy;
}

/** How a guard reads requests, and whom it tells. */
export interface QuotaGuardOptions<Request> extends QuotaDecisionOptions<Request> {
  /** Hears of counted e-mails that could not be given back; they stay counted. */
  readonly onReleaseError?: (error: unknown) => void;
}

/** What was counted for a request. */
export interface CountedRequest {
  /** The quota after counting; `null` when the store was down and the send goes uncounted. */
  readonly quota: EmailQuotaView | null;
  /** Says that the e-mails are queued: from now on a failing answer gives nothing back. */
  queued(): void;
  /** Gives the e-mails back now; once, and not after `queued`. */
  release(): Promise<void>;
}

type Sendable = Extract<ConsumeEmailQuotaOutcome, { type: "counted" | "uncounted" }>;

const counted = new WeakMap<object, CountedRequest>();

/** What a guard has counted for a request; `undefined` where it counted nothing. */
export function countedRequest(request: object): CountedRequest | undefined {
  return counted.get(request);
}

/**
 * Counts e-mails before they are sent: allowed with the `X-Quota-*` headers, or refused with 429,
 * or with 503 while the store fails.
 */
export function quotaDecision<Request extends GuardedRequest>(
  billing: QuotaBilling,
  { count, tenant, whenStoreFails }: QuotaDecisionOptions<Request>,
): Decide<Request, CountedRequest> {
  return async (request) => {
    const emails = count(request);
    if (emails === 0) {
      return NOTHING_TO_DECIDE;
    }
    const send = { tenantId: tenant(request), count: emails };
    return await decided(request, async () => {
      const outcome = await billing.consumeEmailQuota.execute({ ...send, whenStoreFails });
      return grantOf(outcome, (sendable) => giveBack(billing, send, sendable));
    });
  };
}

/**
 * Middleware for routes that send e-mail: counts before the handler runs, and sets the `X-Quota-*`
 * headers. What does not fit is answered 429, a failing store 503, both in MailingCore's shape.
 * When the answer is an error (400 and above) the e-mails are given back, unless the handler has
 * called `countedRequest(request)?.queued()`.
 */
export function quotaGuard<Request extends IncomingMessage>(
  billing: QuotaBilling,
  { onReleaseError, ...options }: QuotaGuardOptions<Request>,
): Middleware<Request> {
  const decide = quotaDecision(billing, options);
  return guard(decide, { grants: counted, onSettleError: onReleaseError });
}

function grantOf(
  outcome: ConsumeEmailQuotaOutcome,
  giveItBack: (outcome: Sendable) => Promise<void>,
): Allowed<CountedRequest> | HttpError {
  switch (outcome.type) {
    case "exceeded":
      return quotaExceeded(outcome);
    case "key_conflict":
    case "key_released":
      throw new TypeError("Cannot count e-mails without a key: the answer is about one");
    case "counted":
    case "uncounted":
      return allowed(outcome, () => giveItBack(outcome));
    default:
      return outcome satisfies never;
  }
}

function allowed(outcome: Sendable, giveItBack: () => Promise<void>): Allowed<CountedRequest> {
  let isOpen = true;
  const quota = outcome.type === "counted" ? outcome.quota : null;
  const grant: CountedRequest = {
    quota,
    queued() {
      isOpen = false;
    },
    async release() {
      if (isOpen) {
        isOpen = false;
        await giveItBack();
      }
    },
  };
  return {
    allowed: true,
    headers: quota === null ? {} : quotaHeaders(quota),
    grant,
    settle: async (statusCode) => {
      if (statusCode >= 400) {
        await grant.release();
      }
    },
  };
}

async function giveBack(
  { releaseEmailQuota }: QuotaBilling,
  send: { tenantId: string; count: number },
  outcome: Sendable,
): Promise<void> {
  const periodStart = outcome.type === "counted" ? outcome.periodStart : null;
  await releaseEmailQuota.execute({ ...send, periodStart });
}
