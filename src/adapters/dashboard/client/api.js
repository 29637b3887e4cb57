/**
 * @import { BillingClient } from "../../client/create_billing_client.ts"
 */

import * as service from "./service/create_billing_client.js";

/** The package's own client, whose types are those of its source. */
const { createBillingClient, BillingApiError, BillingConnectionError } =
  /** @type {typeof import("../../client/create_billing_client.ts")} */ (
    /** @type {unknown} */ (service)
  );

export { BillingApiError, BillingConnectionError };

/** Nobody is signed in. */
export class SignedOutError extends Error {}

/** The dashboard around the page failed to say who is signed in; the cause says how. */
export class SessionError extends Error {}

/** An answer to the question who is signed in that is none. */
export class SessionAnswerError extends Error {
  /**
   * @param {string} setting what is wrong where the status tells no other reason
   * @param {number} status of HTTP
   */
  constructor(setting, status) {
    super(`Expected a token by ${setting}, got an answer ${status} without one`);
    this.setting = setting;
    this.status = status;
  }
}

/** The service answers, but no page of this origin may read it. */
export class OriginError extends Error {}

/** One of two attempts at reading, each so long. */
const [ATTEMPTS, TIMEOUT_MS] = [2, 10_000];

/**
 * Creates the service's client for the page.
 *
 * @param {object} options
 * @param {string} options.baseUrl
 * @param {TokenSource} options.tokens
 * @param {AbortSignal} options.signal ends all requests
 * @returns {BillingClient}
 */
export function createApi({ baseUrl, tokens, signal }) {
  return createBillingClient({
    baseUrl,
    signal,
    attempts: ATTEMPTS,
    timeoutMs: TIMEOUT_MS,
    token: (refused) => tokens.token(refused),
    fetch: (url, init) => ask(String(url), { ...init, ...ALONE }),
  });
}

/** Nothing of the browser's is sent along or kept. @type {RequestInit} */
const ALONE = { cache: "no-store", credentials: "omit" };

/**
 * @param {string} url
 * @param {RequestInit} init
 * @throws {OriginError} where the browser keeps the answer from this page
 */
async function ask(url, init) {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (!init.signal?.aborted && (await isKeptBack(url, init.signal))) {
      throw new OriginError("The service does not let this origin read its answers", { cause });
    }
    throw cause;
  }
}

/**
 * Whether a service of another origin answers everybody but this page: its page's module may be read
 * from everywhere, its health only from the origins that it allows.
 *
 * @param {string} url
 * @param {AbortSignal | null} [signal]
 */
async function isKeptBack(url, signal) {
  if (new URL(url).origin === location.origin) {
    return false;
  }
  const answers = (/** @type {string} */ path) =>
    fetch(new URL(path, url), { ...ALONE, signal: signal ?? null }).then(
      () => true,
      () => false,
    );
  const isThere = await answers("/dashboard/mailingcore-billing.js");
  return isThere && !(await answers("/healthz")) && !signal?.aborted;
}

/**
 * Asks the dashboard for a token once, however many requests wait for it, and again when the
 * service has refused it. Keeps it in memory only.
 */
export class TokenSource {
  #ask;
  #timeoutMs;
  /** @type {Promise<string> | null} */
  #held = null;

  /**
   * @param {(renew: boolean) => Promise<string | null>} ask `null`: nobody is signed in
   * @param {number} [timeoutMs] how long the dashboard may take
   */
  constructor(ask, timeoutMs = TIMEOUT_MS) {
    this.#ask = ask;
    this.#timeoutMs = timeoutMs;
  }

  /** Asks again at the next request. */
  forget() {
    this.#held = null;
  }

  /**
   * @param {string | null} refused
   * @returns {Promise<string>}
   * @throws {SignedOutError} also where the dashboard has no other token than the refused one
   * @throws {SessionError}
   */
  async token(refused) {
    const held = this.#held;
    if (held !== null && refused !== null && (await held) === refused && this.#held === held) {
      this.#held = this.#asked(refused);
    }
    this.#held ??= this.#asked(refused);
    return await this.#held;
  }

  /** @param {string | null} refused */
  async #asked(refused) {
    const token = await this.#answer(refused !== null);
    if (token === refused) {
      throw new SignedOutError("The service has refused the only token");
    }
    return token;
  }

  /** @param {boolean} renew */
  async #answer(renew) {
    try {
      const token = await inTime(this.#ask(renew), this.#timeoutMs);
      if (token !== null && typeof token !== "string") {
        throw new SessionAnswerError("getToken", 200);
      }
      if (token) {
        return token;
      }
    } catch (cause) {
      this.#held = null;
      throw new SessionError("Cannot learn who is signed in", { cause });
    }
    this.#held = null;
    throw new SignedOutError("Nobody is signed in");
  }
}

/**
 * Waits for an answer, but not for ever.
 *
 * @template T
 * @param {Promise<T>} answer
 * @param {number} [timeoutMs]
 * @returns {Promise<T>}
 * @throws {DOMException} a `TimeoutError`
 */
export async function inTime(answer, timeoutMs = TIMEOUT_MS) {
  /** @type {PromiseWithResolvers<never>} */
  const late = Promise.withResolvers();
  const fail = () => late.reject(new DOMException("No answer in time", "TimeoutError"));
  const timer = setTimeout(fail, timeoutMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
