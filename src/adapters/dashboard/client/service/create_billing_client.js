// @ts-nocheck
// Written by `npm run docs` from src/adapters/client/create_billing_client.ts, which has the types.

import { BillingApiError, BillingConnectionError, errorOf } from "./client_errors.js";

export {
  BillingApiError,
  BillingConnectionError,
  InsufficientTokensError,
  QuotaExceededError,
} from "./client_errors.js";

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [200, 5_000];
const PASSING = new Set([502, 503, 504]);

export function createBillingClient(options) {
  const { attempts = 3, pause = wait } = options;
  return {
    call: async (operation, ...inputs) => {
      const given = inputs[0] ?? {};
      const isRepeatable = canRepeat(operation, given);
      for (let attempt = 1; ; attempt += 1) {
        const answer = await authorized(operation, given, options);
        if (answer.ok) {
          return answer.body;
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

function canRepeat(operation, { params, body }) {
  return (
    operation.startsWith("GET ") ||
    params?.key !== undefined ||
    (body !== undefined && "key" in body && body.key !== undefined)
  );
}

async function authorized(operation, input, options) {
  const token = await options.token(null);
  const answer = await attemptOf(operation, input, options, token);
  if (answer.ok || !isUnauthorized(answer.error)) {
    return answer;
  }
  const other = await options.token(token);
  return other === token ? answer : await attemptOf(operation, input, options, other);
}

function isUnauthorized(error) {
  return error instanceof BillingApiError && error.statusCode === 401;
}

async function attemptOf(
  operation,
  input,
  { baseUrl, fetch: send = fetch, timeoutMs = 10_000, signal },
  token,
) {
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

function requestOf(operation, { tenantId, params = {}, query = {}, body }, baseUrl, token) {
  const [method = "", path = ""] = operation.split(" ");
  const filled = path.replaceAll(/\{(\w+)\}/gu, (_, name) => {
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
  const headers = { Authorization: `Bearer ${token}` };
  if (tenantId !== undefined) {
    headers["X-Tenant-Id"] = tenantId;
  }
  if (body === undefined) {
    return { url: url.href, init: { method, headers } };
  }
  headers["Content-Type"] = "application/json";
  return { url: url.href, init: { method, headers, body: JSON.stringify(body) } };
}

async function bodyOf(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorAnswer({ status, headers }, answer) {
  const body = Object(answer ?? {});
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

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
