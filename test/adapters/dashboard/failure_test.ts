import { expect } from "chai";
import {
  BillingApiError,
  BillingConnectionError,
  SessionAnswerError,
  SessionError,
  SignedOutError,
} from "../../../src/adapters/dashboard/client/api.js";
import { failureOf, isPassing } from "../../../src/adapters/dashboard/client/failure.js";
import {
  failureText,
  loadFailureText,
  remedyOf,
} from "../../../src/adapters/dashboard/client/failure_view.js";
import { I18n } from "../../../src/adapters/dashboard/client/i18n.js";
import { PORTAL_LIMITS } from "../../../src/domain/checkout/portal_limits.ts";

/** What an answer means to people, by its status and code. */
const KINDS: readonly (readonly [number, string | null, string])[] = [
  [401, "token_invalid", "signed_out"],
  [403, "not_a_member", "foreign"],
  [403, "role_insufficient", "refused"],
  [403, "tenant_ended", "refused"],
  [429, "rate_limited", "busy"],
  [400, "invalid_redirect", "misconfigured"],
  [404, "route_not_found", "misconfigured"],
  [200, null, "misconfigured"],
  [404, null, "misconfigured"],
  [409, "checkout_superseded", "refused"],
  [422, "several_items", "refused"],
  [500, "internal_error", "down"],
  [502, null, "down"],
  [502, "dependency_failed", "denied"],
  [503, "temporarily_unavailable", "waiting"],
  [503, "overloaded", "overloaded"],
  [503, "clock_not_trusted", "down"],
];

const ENGLISH = new I18n("en");

function errorOf(statusCode: number, code: string | null, body: Record<string, unknown> = {}) {
  const answer = { statusCode, code, message: "", details: [], body, retryAfterSeconds: 17 };
  return new BillingApiError(answer);
}

const kindOf = (error: unknown) => failureOf(error).kind;

/** What comes of it in a browser that has a connection, or none. */
function where<T>({ onLine }: { onLine: boolean }, work: () => T): T {
  Object.defineProperty(navigator, "onLine", { value: onLine, configurable: true });
  try {
    return work();
  } finally {
    Reflect.deleteProperty(navigator, "onLine");
  }
}

describe("what a failed request means to people", () => {
  for (const [status, code, kind] of KINDS) {
    it(`${status} ${code}: ${kind}`, () => {
      expect(failureOf(errorOf(status, code))).to.include({ kind, code });
    });
  }

  it("is that nobody is signed in where the dashboard says so, and no failure where it is a bug", () => {
    expect(failureOf(new SignedOutError()).kind).to.equal("signed_out");
    expect(() => failureOf(new TypeError("bug"))).to.throw(TypeError);
  });

  it("tells a missing connection from a service that does not answer, or not in time", () => {
    const late = new BillingConnectionError("late", { timedOut: true });
    const gone = new BillingConnectionError("gone", { timedOut: false });
    const kinds = (onLine: boolean) =>
      where({ onLine }, () => [late, gone, new SessionError()].map((error) => kindOf(error)));
    expect(kinds(true)).to.deep.equal(["timed_out", "unreachable", "unreachable"]);
    expect(kinds(false)).to.deep.equal(["offline", "offline", "offline"]);
  });

  it("says of a session that nobody tells whether it was late, down, or is set wrongly", () => {
    const causes = [
      new DOMException("late", "TimeoutError"),
      new TypeError("Failed to fetch"),
      ...[503, 429, 404].map((status) => new SessionAnswerError("DASHBOARD_SESSION_URL", status)),
    ];
    const failures = where({ onLine: true }, () =>
      causes.map((cause) => failureOf(new SessionError("", { cause }))),
    );
    expect(failures.map(({ kind }) => kind)).to.deep.equal([
      "timed_out",
      "unreachable",
      "down",
      "busy",
      "misconfigured",
    ]);
    expect(failures.at(-1)?.code).to.equal("DASHBOARD_SESSION_URL");
  });

  it("takes along what the service says of it", () => {
    const body = { effectiveAt: "2026-12-23T10:00:00Z", invoiceUrl: "https://pay.example/1" };
    expect(failureOf(errorOf(409, "payment_required_first", body))).to.include(body);
  });

  it("is said in other words for every kind, in every language", () => {
    const kinds = [...new Set(KINDS.map(([, , kind]) => kind)), "offline", "unreachable"];
    for (const language of ["en", "es"]) {
      const texts = [...kinds, "timed_out"].map((kind) =>
        failureText({ ...failureOf(errorOf(503, "x")), kind: kind as "down" }, new I18n(language)),
      );
      expect(new Set(texts)).to.have.length(texts.length);
      expect(texts.every((text) => text.endsWith("."))).to.equal(true);
    }
  });

  it("promises that the page goes on by itself only where it does", () => {
    const offline = where({ onLine: false }, () => failureOf(new SessionError()));
    expect(failureText(offline, ENGLISH)).to.equal(
      "You are offline. Try again when the connection is back.",
    );
    expect(loadFailureText(offline, ENGLISH)).to.equal(
      "You are offline. The page goes on by itself when the connection is back.",
    );
  });

  it("is worth another attempt where it goes by itself, and only there", () => {
    const passing = KINDS.filter(([status, code]) => isPassing(failureOf(errorOf(status, code))));
    expect(passing.map(([status]) => status).toSorted()).to.deep.equal([
      429, 500, 502, 503, 503, 503,
    ]);
  });

  it("P17 says what stands against a wish, and what to do first", () => {
    const refused = (code: string, invoiceUrl: string | null = null) => {
      const [effectiveAt, retryAt] = ["2026-12-23T10:00:00Z", "2026-12-23T11:00:00Z"];
      const failed = failureOf(errorOf(409, code, { effectiveAt, retryAt, invoiceUrl }));
      const remedy = remedyOf(failed, ENGLISH);
      return { text: failureText(failed, ENGLISH), remedy: remedy?.type ?? null };
    };
    expect(refused("payment_required_first").remedy).to.equal("card");
    expect(refused("payment_required_first", "https://pay.example/1").remedy).to.equal("pay");
    for (const code of ["subscription_ending", "change_scheduled"]) {
      expect(refused(code).remedy, code).to.equal("portal");
      expect(refused(code).text, code).to.include("December 23, 2026");
    }
    expect(refused("subscription_paused").remedy).to.equal("resume");
    expect(refused("renewal_in_draft").text).to.include("Dec 23, 2026");
    const { text: unknown } = refused("something_new");
    expect(unknown).to.equal("This is not possible at the moment.");
    for (const code of [...PORTAL_LIMITS, "payment_processing", "already_on_plan"]) {
      expect(refused(code).remedy, code).to.equal(null);
      expect(refused(code).text, code).not.to.equal(unknown);
    }
  });
});
