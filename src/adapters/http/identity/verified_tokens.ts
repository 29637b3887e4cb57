import type { Principal } from "../../../application/ports/tenant_access.ts";

/** How long a token is believed that was verified. */
const LIFE_MS = 30_000;
/** Tokens can have 8 KiB each, and two such generations are kept. */
const MAX_TOKENS = 1_000;

interface VerifiedToken {
  readonly principal: Principal;
  readonly keys: object;
  readonly verifiedAtMs: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Tokens that were verified within the last 30 seconds, by their text. None is believed beyond its
 * `exp`, nor once other keys are in force than when it was verified. Refusals are not kept.
 */
export class VerifiedTokens {
  readonly #nowMs: () => number;
  #young = new Map<string, VerifiedToken>();
  #old = new Map<string, VerifiedToken>();
  #youngSinceMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs a clock that nobody sets */
  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Whose token it is; `undefined` where it has to be verified with the keys that are in force. */
  find(token: string, keys: object | null): Principal | undefined {
    const known = this.#young.get(token) ?? this.#old.get(token);
    return known !== undefined &&
      known.keys === keys &&
      this.#nowMs() - known.verifiedAtMs < LIFE_MS &&
      Date.now() < known.expiresAt
      ? known.principal
      : undefined;
  }

  /** Remembers whose token it is, which was verified with these keys. */
  keep(token: string, principal: Principal, keys: object): void {
    const nowMs = this.#nowMs();
    if (this.#young.size >= MAX_TOKENS || nowMs - this.#youngSinceMs >= LIFE_MS) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngSinceMs = nowMs;
    }
    const expiresAt = 1_000 * Number(principal.claims.exp);
    this.#young.set(token, { principal, keys, verifiedAtMs: nowMs, expiresAt });
  }
}
