import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The tenant that the page acts for, and the token that proves it. */
export interface DashboardSession {
  readonly token: string;
  readonly tenantId: string;
}

/** The outcome of a request for a session. */
export type DevelopmentSessionOutcome<T> =
  | { readonly type: "allowed"; readonly value: T }
  /** A foreign host name leads to this machine, or another site sends the request. */
  | { readonly type: "foreign" }
  /** The code or cookie is missing, or from an earlier start. */
  | { readonly type: "unknown" };

const COOKIE = "mailingcore_billing_development";
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Signs in the developer who opens the printed link on this machine. Every start creates a new code
 * and cookie. Both work only for loopback names, which stops a web site that points its own name at
 * this machine (DNS rebinding).
 */
export class DevelopmentSession {
  /** The code in the link. */
  readonly code = randomBytes(24).toString("base64url");
  readonly #cookie = randomBytes(24).toString("base64url");
  readonly #open: () => DashboardSession;

  /** @param open creates a session whose token lives for minutes */
  constructor(open: () => DashboardSession) {
    this.#open = open;
  }

  /**
   * Returns the cookie for a request with the right code. Its path is the folder of the request.
   */
  signIn(request: IncomingMessage, code: string | null): DevelopmentSessionOutcome<string> {
    if (!isLoopback(request)) {
      return { type: "foreign" };
    }
    return same(code, this.code)
      ? { type: "allowed", value: `${COOKIE}=${this.#cookie}; HttpOnly; SameSite=Strict` }
      : { type: "unknown" };
  }

  /** Returns a session for a request from our own page with the right cookie. */
  session(request: IncomingMessage): DevelopmentSessionOutcome<DashboardSession> {
    if (!isLoopback(request) || !isSameOrigin(request)) {
      return { type: "foreign" };
    }
    return same(cookieOf(request), this.#cookie)
      ? { type: "allowed", value: this.#open() }
      : { type: "unknown" };
  }
}

function isLoopback({ headers }: IncomingMessage): boolean {
  return LOOPBACK.test(URL.parse(`http://${headers.host ?? ""}`)?.hostname ?? "");
}

function isSameOrigin({ headers }: IncomingMessage): boolean {
  return headers.origin === `http://${headers.host}`;
}

function cookieOf({ headers }: IncomingMessage): string | null {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([name]) => name === COOKIE)?.[1] ?? null;
}

function same(given: string | null, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ""), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
