import type { BillingOperations } from "./billing_operations.ts";
import {
  BillingApiError,
  BillingConnectionError,
  type ErrorAnswer,
  errorOf,
} from "./client_errors.ts";

export type * from "./billing_operations.ts";
export {
  BillingApiError,
  BillingConnectionError,
  type ErrorAnswer,
  type ErrorDetail,
  InsufficientTokensError,
  QuotaExceededError,
} from "./client_errors.ts";

/** The service's operations, such as `GET /billing/subscription`. */
export type BillingOperation = keyof BillingOperations;

/** What an operation takes: `params` of its path, `query`, `body`, and the tenant. */
export type InputOf<O extends BillingOperation> = BillingOperations[O]["input"];

/** What an operation answers. */
export type AnswerOf<O extends BillingOperation> = BillingOperations[O]["answer"];

/** Options of `createBillingClient`. */
export interface BillingClientOptions {
  /** Where the service is, such as `https://billing.example.com`. */
  readonly baseUrl: string;
  /**
   * The JWT to send; called for every request, and once more with the one that the service has
   * `refused` (401): another one is tried.
   */
  readonly token: (refused: string | null) => string | Promise<string>;
  /** Default: the runtime's. */
  readonly fetch?: typeof fetch;
  /** How long one attempt may take. Milliseconds, default 10,000. */
  readonly timeoutMs?: number;
  /** Ends all requests, which then throw its reason. */
  readonly signal?: AbortSignal;
  /** Attempts at a request that can be repeated. Default 3. */
  readonly attempts?: number;
  /** Waits between two attempts. Default: by a timer. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** Calls the service. */
export interface BillingClient {
  /**
   * Makes a request and answers its body.
   *
   * @throws {BillingApiError} for every answer but 2xx
   * @throws {BillingConnectionError} without an answer
   */
  call<O extends BillingOperation>(
    operation: O,
    ...input: object extends InputOf<O> ? [input?: InputOf<O>] : [input: InputOf<O>]
  ): Promise<AnswerOf<O>>;
}

/** An input of any operation. */
interface AnyInput {
  readonly tenantId?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
}

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [200, 5_000];
const PASSING = new Set([502, 503, 504]);

/**
 * Makes a client of the REST API by `fetch`, in any runtime and browser. What it calls, takes and
 * answers follows from the API's document. A request is repeated where that is safe: a `GET`, or one
 * that a key names; and where it may help: without an answer, or after 502, 503, 504.
 */
export function createBillingClient(options: BillingClientOptions): BillingClient {
  const { attempts = 3, pause = wait } = options;
  return {
    call: async (operation, ...inputs) => {
      const given: AnyInput = inputs[0] ?? {};
      const isRepeatable = canRepeat(operation, given);
      for (let attempt = 1; ; attempt += 1) {
        const answer = await authorized(operation, given, options);
        if (answer.ok) {
          return answer.body as AnswerOf<typeof operation>;
        }
        if (attempt >= attempts || !isRepeatable || !answer.mayPass) {
          throw answer.error;
        }
        const longestMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
        await pause(Math.max(answer.waitMs, longestMs * (0.5 + Math.random() / 2)));
      }
    },
  };
}

/** Whether a second request has no second effect. */
function canRepeat(operation: BillingOperation, { params, body }: AnyInput): boolean {
  return (
    operation.startsWith("GET ") ||
    params?.key !== undefined ||
    (body !== undefined && "key" in body && body.key !== undefined)
  );
}

type Outcome =
  | { readonly ok: true; readonly body: unknown }
  | {
      readonly ok: false;
      readonly error: Error;
      readonly mayPass: boolean;
      readonly waitMs: number;
    };

/** Asks for another token, once, where the service refuses the first. */
async function authorized(
  operation: BillingOperation,
  input: AnyInput,
  options: BillingClientOptions,
): Promise<Outcome> {
  const token = await options.token(null);
  const answer = await attemptOf(operation, input, options, token);
  if (answer.ok || !isUnauthorized(answer.error)) {
    return answer;
  }
  const other = await options.token(token);
  return other === token ? answer : await attemptOf(operation, input, options, other);
}

function isUnauthorized(error: Error): boolean {
  return error instanceof BillingApiError && error.statusCode === 401;
}

async function attemptOf(
  operation: BillingOperation,
  input: AnyInput,
  { baseUrl, fetch: send = fetch, timeoutMs = 10_000, signal }: BillingClientOptions,
  token: string,
): Promise<Outcome> {
  const request = requestOf(operation, input, baseUrl, token);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await send(request.url, {
      ...request.init,
      redirect: "error",
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    const body = await bodyOf(response);
    if (response.ok && body !== undefined) {
      return { ok: true, body };
    }
    const error = errorOf(errorAnswer(response, body));
    const waitMs = 1_000 * (error.retryAfterSeconds ?? 0);
    const mayPass = PASSING.has(response.status) && waitMs <= LONGEST_PAUSE_MS;
    return { ok: false, error, mayPass, waitMs };
  } catch (cause) {
    signal?.throwIfAborted();
    const message = limit.aborted
      ? `No answer to ${operation} within ${timeoutMs} ms`
      : `No answer to ${operation}`;
    const error = new BillingConnectionError(message, { cause, timedOut: limit.aborted });
    return { ok: false, error, mayPass: true, waitMs: 0 };
  }
}

function requestOf(
  operation: BillingOperation,
  { tenantId, params = {}, query = {}, body }: AnyInput,
  baseUrl: string,
  token: string,
): { url: string; init: RequestInit } {
  const [method = "", path = ""] = operation.split(" ");
  const filled = path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
    const value = params[name];
    if (value === undefined) {
      throw new TypeError(`Cannot call ${operation}: "params.${name}" is missing`);
    }
    return encodeURIComponent(value);
  });
  const url = new URL(baseUrl.replace(/\/$/u, "") + filled);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      url.searchParams.set(name, String(value));
    }
  }
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (tenantId !== undefined) {
    headers["X-Tenant-Id"] = tenantId;
  }
  if (body === undefined) {
    return { url: url.href, init: { method, headers } };
  }
  headers["Content-Type"] = "application/json";
  return { url: url.href, init: { method, headers, body: JSON.stringify(body) } };
}

/** The answer's JSON; `undefined` where it has none, because something else answers there. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorAnswer({ status, headers }: Response, answer: unknown): ErrorAnswer {
  const body: Readonly<Record<string, unknown>> = Object(answer ?? {});
  const { message, code, details } = body;
  const seconds = Number(headers.get("Retry-After") ?? Number.NaN);
  return {
    statusCode: status,
    message: typeof message === "string" ? message : `Something answered ${status}, without JSON`,
    code: typeof code === "string" ? code : null,
    details: Array.isArray(details) ? details : [],
    body,
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : null,
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
