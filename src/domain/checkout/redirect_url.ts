/** Where we may send a browser back to (P20). */
export interface RedirectPolicy {
  /** Exact origins, like `https://app.example.com`. */
  readonly allowedRedirectOrigins: readonly string[];
  /** Whether loopback hosts may use plain http. For development only. */
  readonly allowHttpLoopback: boolean;
}

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Explains why a redirect target is refused, or returns `null` if it is safe (P20). The URL is
 * parsed as browsers do, and must be written exactly as they would print its origin, so that no two
 * parsers disagree about the host.
 */
export function redirectProblem(text: string, policy: RedirectPolicy): string | null {
  if (!URL.canParse(text)) {
    return "must be an absolute URL";
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    return "must not carry a user name or password";
  }
  const secure = url.protocol === "https:";
  const loopback = url.protocol === "http:" && LOOPBACK_HOSTS.includes(url.hostname);
  if (!secure && !(loopback && policy.allowHttpLoopback)) {
    return "must use https";
  }
  if (!policy.allowedRedirectOrigins.includes(url.origin)) {
    return "must have an allowed origin; add it to ALLOWED_REDIRECT_ORIGINS if it is yours";
  }
  const rest = text.slice(url.origin.length);
  if (!text.startsWith(url.origin) || !/^($|[/?#])/.test(rest) || /[\s\\\p{Cc}]/u.test(text)) {
    return "must be written as its origin followed by a path";
  }
  return null;
}

/** A redirect target that was refused. */
export interface RedirectProblem {
  /** The command's field, such as `successUrl`. */
  readonly field: string;
  readonly problem: string;
}

/** Checks several redirect targets by field. The list is empty if all are safe. */
export function redirectProblems(
  targets: Readonly<Record<string, string>>,
  policy: RedirectPolicy,
): RedirectProblem[] {
  return Object.entries(targets).flatMap(([field, text]) => {
    const problem = redirectProblem(text, policy);
    return problem === null ? [] : [{ field, problem }];
  });
}
