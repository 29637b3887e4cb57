import type { IncomingMessage } from "node:http";
import type { Request, RequestHandler, Response } from "express";
import type { Billing } from "../../../application/billing.ts";
import { PortError } from "../../../application/ports/port_error.ts";
import type {
  ConsumeEmailQuotaOutcome,
  StoreFailurePolicy,
} from "../../../application/quota/consume_email_quota.ts";
import type { EmailQuotaView } from "../../../application/quota/email_quota_view.ts";
import { httpErrorOf, writeError } from "../errors.ts";
import { quotaExceeded, quotaHeaders } from "./quota_reply.ts";

/** How a guard reads requests, and what it does when the store is down. */
export interface QuotaGuardOptions {
  /** How many e-mails a request sends: each recipient is one. 0: nothing is counted. */
  readonly count: (request: Request) => number;
  /** Who sends them. The application has to be sure of that before. */
  readonly tenant: (request: Request) => string;
  /** Default: what billing is set to. */
  readonly whenStoreFails?: StoreFailurePolicy;
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

const counted = new WeakMap<IncomingMessage, CountedRequest>();

/** What a guard has counted for a request; `undefined` where it counted nothing. */
export function countedRequest(request: IncomingMessage): CountedRequest | undefined {
  return counted.get(request);
}

/**
 * Express middleware for routes that send e-mail: counts before the handler runs, and sets the
 * `X-Quota-*` headers. What does not fit is answered 429, a failing store 503, both in
 * MailingCore's shape. When the answer is an error (400 and above) the e-mails are given back,
 * unless the handler has called `countedRequest(request)?.queued()`.
 */
export function quotaGuard(
  billing: Pick<Billing, "consumeEmailQuota" | "releaseEmailQuota">,
  options: QuotaGuardOptions,
): RequestHandler {
  return async (request, response, next) => {
    const count = options.count(request);
    if (count === 0) {
      next();
      return;
    }
    const tenantId = options.tenant(request);
    const { whenStoreFails } = options;
    const outcome = await consume(() =>
      billing.consumeEmailQuota.execute({ tenantId, count, whenStoreFails }),
    );
    if (outcome instanceof PortError) {
      writeError(request, response, httpErrorOf(outcome));
      return;
    }
    switch (outcome.type) {
      case "exceeded":
        writeError(request, response, quotaExceeded(outcome));
        return;
      case "key_conflict":
      case "key_released":
        throw new TypeError("Cannot count e-mails without a key: the answer is about one");
      case "counted":
      case "uncounted":
        break;
      default:
        outcome satisfies never;
    }
    const release = () => giveBack(billing, { tenantId, count, outcome });
    watch(request, response, { outcome, release, onError: options.onReleaseError });
    next();
  };
}

async function consume(
  execute: () => Promise<ConsumeEmailQuotaOutcome>,
): Promise<ConsumeEmailQuotaOutcome | PortError> {
  try {
    return await execute();
  } catch (error) {
    if (error instanceof PortError) {
      return error;
    }
    throw error;
  }
}

async function giveBack(
  { releaseEmailQuota }: Pick<Billing, "releaseEmailQuota">,
  { tenantId, count, outcome }: { tenantId: string; count: number; outcome: Sendable },
): Promise<void> {
  const periodStart = outcome.type === "counted" ? outcome.periodStart : null;
  await releaseEmailQuota.execute({ tenantId, count, periodStart });
}

function watch(
  request: Request,
  response: Response,
  {
    outcome,
    release,
    onError = () => undefined,
  }: {
    outcome: Sendable;
    release: () => Promise<void>;
    onError: ((error: unknown) => void) | undefined;
  },
): void {
  let open = true;
  const quota = outcome.type === "counted" ? outcome.quota : null;
  const handle: CountedRequest = {
    quota,
    queued() {
      open = false;
    },
    async release() {
      if (open) {
        open = false;
        await release();
      }
    },
  };
  counted.set(request, handle);
  for (const [name, value] of Object.entries(quota === null ? {} : quotaHeaders(quota))) {
    response.setHeader(name, value);
  }
  response.once("finish", () => {
    if (response.statusCode >= 400) {
      handle.release().catch(onError);
    }
  });
}
