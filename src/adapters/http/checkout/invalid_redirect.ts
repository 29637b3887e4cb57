import type { RedirectProblem } from "../../../domain/checkout/redirect_url.ts";
import { HttpError } from "../http_error.ts";

/** 400 for redirect targets that are not allowed (P20), one detail per field. */
export function invalidRedirect(problems: readonly RedirectProblem[]): HttpError {
  const details = problems.map(({ field, problem }) => ({ field, message: `${field} ${problem}` }));
  return new HttpError(400, {
    code: "invalid_redirect",
    message: `A redirect target is not allowed: ${details[0]?.message}`,
    details,
  });
}
