import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Whom the page acts for, and the token that proves it. */
export interface DashboardSession {
  readonly token: string;
  readonly tenantId: string;
}

/** What a request for a session comes to. */
export type DevelopmentSessionOutcome<T> =
  | { readonly type: "allowed"; readonly value: T }
  /** Somebody else's name leads to this machine, or another site asks. */
  | { readonly type: "foreign" }
  /** No code, no cookie, or those of another start. */
  | { readonly type: "unknown" };

const COOKIE = "mailingcore_billing_development";
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Signs whoever opens the printed link in: a developer at this machine. The link's code and the
 * cookie are made at every start. Both work at loopback names only, so that a web site cannot
 * get at them by pointing its own name at this machine (DNS rebinding).
 */
export class DevelopmentSession {
  /** What the link carries. */
  readonly code = randomBytes(24).toString("base64url");
  readonly #cookie = randomBytes(24).toString("base64url");
  readonly #open: () => DashboardSession;

  /** @param open makes a session with a token that lives for minutes */
  constructor(open: () => DashboardSession) {
    this.#open = open;
  }

  /** The cookie for whoever brings the code; its path is the folder of the request. */
  signIn(request: IncomingMessage, code: string | null): DevelopmentSessionOutcome<string> {
    if (!isLoopback(request)) {
      return { type: "foreign" };
    }
    return same(code, this.code)
      ? { type: "allowed", value: `${COOKIE}=${this.#cookie}; HttpOnly; SameSite=Strict` }
      : { type: "unknown" };
  }

  /** A session for whoever brings the cookie from our own page. */
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
