/**
 * Why a request failed.
 *
 * @typedef {"signed_out" | "offline" | "refused"} FailureKind
 */

/** A failed request. */
export class ApiError extends Error {
  /** @type {FailureKind} */
  kind;
  /** @type {number} 0 where no answer came */
  status;
  /** @type {string | null} the service's own word for it */
  code;
  /** @type {number | null} how long to wait before the next attempt, in seconds */
  retryAfterSeconds;
  /** @type {string | null} when what stands against it takes effect */
  effectiveAt;
  /** @type {string | null} when to try again */
  retryAt;

  /**
   * @param {FailureKind} kind
   * @param {{ status?: number, code?: string | null, retryAfterSeconds?: number | null,
   *   effectiveAt?: string | null, retryAt?: string | null }} [facts]
   */
  constructor(
    kind,
    { status = 0, code = null, retryAfterSeconds = null, effectiveAt = null, retryAt = null } = {},
  ) {
    super(`Cannot get an answer: ${code ?? kind}`);
    this.kind = kind;
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.effectiveAt = effectiveAt;
    this.retryAt = retryAt;
  }
}

/**
 * The user and service that requests are made for. The token is requested again when the service
 * refuses it.
 *
 * @typedef {object} ApiOptions
 * @property {() => URL} baseUrl where the service is, with a slash at the end
 * @property {() => string} tenantId
 * @property {(renew: boolean) => Promise<string | null>} getToken `null`: nobody is signed in
 * @property {typeof fetch} fetch
 */

/** The service's API for one user and tenant. Keeps the token in memory only. */
export class Api {
  #options;
  /** @type {Promise<string | null> | null} */
  #token = null;

  /** @param {ApiOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {string} path below the service's address
   * @param {{ body?: object, signal?: AbortSignal }} [request] with a body it is a POST
   * @returns {Promise<any>} the answer's JSON
   * @throws {ApiError}
   */
  async send(path, request = {}) {
    const used = this.#currentToken(false);
    const response = await this.#fetch(path, await used, request);
    if (response.status !== 401) {
      return await read(response);
    }
    await response.body?.cancel();
    if (this.#token === used) {
      this.#token = null;
    }
    const again = await this.#fetch(path, await this.#currentToken(true), request);
    return await read(again);
  }

  /** Returns the token; asks for it once, however many requests wait. @param {boolean} renew */
  #currentToken(renew) {
    this.#token ??= this.#options.getToken(renew).catch(() => {
      this.#token = null;
      throw new ApiError("offline", { code: "token" });
    });
    return this.#token;
  }

  /**
   * @param {string} path
   * @param {string | null} token
   * @param {{ body?: object, signal?: AbortSignal }} request
   */
  async #fetch(path, token, { body, signal }) {
    const { baseUrl, tenantId, fetch } = this.#options;
    if (token === null || token === "") {
      this.#token = null;
      throw new ApiError("signed_out");
    }
    /** @type {RequestInit} */
    const init = {
      method: body === undefined ? "GET" : "POST",
      cache: "no-store",
      credentials: "omit",
      headers: {
        Accept: "application/json",
        Authorization: `Bearer ${token}`,
        "X-Tenant-Id": tenantId(),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    };
    try {
      return await fetch(new URL(path, baseUrl()), init);
    } catch (error) {
      signal?.throwIfAborted();
      throw new ApiError("offline", { code: error instanceof Error ? error.name : null });
    }
  }
}

/** @param {Response} response */
async function read(response) {
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) {
    return body;
  }
  const { status, headers } = response;
  const seconds = Number.parseInt(headers.get("Retry-After") ?? "", 10);
  throw new ApiError(status === 401 ? "signed_out" : "refused", {
    status,
    code: typeof body?.code === "string" ? body.code : null,
    retryAfterSeconds: Number.isNaN(seconds) ? null : seconds,
    effectiveAt: typeof body?.effectiveAt === "string" ? body.effectiveAt : null,
    retryAt: typeof body?.retryAt === "string" ? body.retryAt : null,
  });
}
