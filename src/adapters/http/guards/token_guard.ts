import type { IncomingMessage } from "node:http";
import type { CommitReservation } from "../../../application/tokens/commit_reservation.ts";
import type { ReleaseReservation } from "../../../application/tokens/release_reservation.ts";
import type { ReserveTokens } from "../../../application/tokens/reserve_tokens.ts";
import type { SpendTokens } from "../../../application/tokens/spend_tokens.ts";
import { availableTokens } from "../../../domain/tokens/token_ledger.ts";
import { usedTokens } from "../../../domain/tokens/token_ledger_spending.ts";
import { alreadySettled } from "../tokens/settle_reply.ts";
import { spendingRefused } from "../tokens/token_reply.ts";
import {
  type Allowed,
  type Decide,
  decided,
  type GuardedRequest,
  guard,
  type Middleware,
} from "./decision.ts";

/** What spending needs of billing. */
export interface TokenBilling {
  readonly reserveTokens: Pick<ReserveTokens, "execute">;
  readonly commitReservation: Pick<CommitReservation, "execute">;
  readonly releaseReservation: Pick<ReleaseReservation, "execute">;
  readonly spendTokens: Pick<SpendTokens, "execute">;
}

/** How requests are read that call a model. */
export interface TokenDecisionOptions<Request> {
  /** The most that a request can cost. */
  readonly tokens: (request: Request) => number;
  /** Who pays. The application has to be sure of that before. */
  readonly tenant: (request: Request) => string;
  /** How long the handler may take; 1 to 86,400, default 600. */
  readonly expiresInSeconds?: number;
  /** What the ledger says that the tokens were spent for, such as `template assistant`. */
  readonly reason?: string;
}

/** How a guard reads requests, and whom it tells. */
export interface TokenGuardOptions<Request> extends TokenDecisionOptions<Request> {
  /** Hears what could not be committed or released; a reservation ends by itself when it expires. */
  readonly onSettleError?: (error: unknown) => void;
}

/** Tokens that are set aside for a request. */
export interface ReservedTokens {
  /** The reservation's name, for `commitReservation` and `releaseReservation` elsewhere. */
  readonly key: string;
  /** How many are set aside. */
  readonly tokens: number;
  /**
   * Says what the model has cost; the rest comes back. What exceeds the reservation, or comes after
   * it has expired, is debited as far as the balance goes. Only the first end counts.
   *
   * @returns how many tokens were taken
   */
  commit(tokens: number): Promise<number>;
  /** Gives the tokens back: the model was not called. */
  release(): Promise<void>;
}

/** A reservation, and whose it is. */
interface Hold {
  readonly tenantId: string;
  readonly key: string;
  readonly tokens: number;
  readonly reason: string | undefined;
}

const reserved = new WeakMap<object, ReservedTokens>();

/** What a guard has reserved for a request; `undefined` where there is no guard. */
export function reservedTokens(request: object): ReservedTokens | undefined {
  return reserved.get(request);
}

/**
 * Reserves tokens before a model is called: allowed, or refused with 402 `insufficient_tokens`, or
 * with 503 while the store fails. Each request has a reservation of its own.
 */
export function tokenDecision<Request extends GuardedRequest>(
  billing: TokenBilling,
  options: TokenDecisionOptions<Request>,
): Decide<Request, ReservedTokens> {
  return async (request) => {
    const { reason, expiresInSeconds } = options;
    const tokens = options.tokens(request);
    const hold = { tenantId: options.tenant(request), key: crypto.randomUUID(), tokens, reason };
    return await decided(request, async () => {
      const outcome = await billing.reserveTokens.execute({ ...hold, expiresInSeconds });
      if (outcome.type === "already_settled") {
        return alreadySettled(outcome.entry);
      }
      return outcome.type === "recorded" ? allowed(billing, hold) : spendingRefused(outcome);
    });
  };
}

/**
 * Middleware for routes that call a model: reserves before the handler runs, and commits or
 * releases when it has answered. The handler says the cost by
 * `await reservedTokens(request)?.commit(tokens)`. Where it says nothing, all that was reserved is
 * taken after a good answer, and all of it given back after an error (400 and above).
 */
export function tokenGuard<Request extends IncomingMessage>(
  billing: TokenBilling,
  { onSettleError, ...options }: TokenGuardOptions<Request>,
): Middleware<Request> {
  return guard(tokenDecision(billing, options), { grants: reserved, onSettleError });
}

function allowed(billing: TokenBilling, hold: Hold): Allowed<ReservedTokens> {
  const { tenantId, key, tokens } = hold;
  let ended: Promise<number> | null = null;
  const end = async (how: () => Promise<number>) => {
    ended ??= how();
    try {
      return await ended;
    } catch (error) {
      ended = null;
      throw error;
    }
  };
  const release = () =>
    end(async () => {
      await billing.releaseReservation.execute({ tenantId, key });
      return 0;
    });
  const commit = (cost: number) =>
    cost === 0 ? release() : end(() => commitCost(billing, hold, cost));
  const grant: ReservedTokens = {
    key,
    tokens,
    commit,
    release: async () => {
      await release();
    },
  };
  return {
    allowed: true,
    headers: {},
    grant,
    settle: async (statusCode) => {
      await (statusCode >= 400 ? release() : commit(tokens));
    },
  };
}

async function commitCost(billing: TokenBilling, hold: Hold, cost: number): Promise<number> {
  const { tenantId, key, tokens } = hold;
  const within = Math.min(cost, tokens);
  const outcome = await billing.commitReservation.execute({ tenantId, key, tokens: within });
  const committed = outcome.type === "settled" ? usedTokens(outcome.entry) : 0;
  return committed + (await debit(billing, hold, cost - committed));
}

/** Takes what no reservation holds, as far as the balance goes. */
async function debit(
  { spendTokens }: TokenBilling,
  { tenantId, key, reason }: Hold,
  tokens: number,
): Promise<number> {
  if (tokens <= 0) {
    return 0;
  }
  const spend = { tenantId, key, reason };
  const outcome = await spendTokens.execute({ ...spend, tokens });
  if (outcome.type !== "insufficient_tokens") {
    return outcome.type === "recorded" ? tokens : 0;
  }
  const left = availableTokens(outcome.balance);
  const rest = left > 0 ? await spendTokens.execute({ ...spend, tokens: left }) : outcome;
  return rest.type === "recorded" ? left : 0;
}
