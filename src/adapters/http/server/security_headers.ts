import type { RequestHandler } from "express";
import helmet from "helmet";

/** The headers of every answer, which forbid browsers whatever an API does not need. */
const POLICY = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
  },
};

/** Sets the security headers, which are the same for all answers and therefore made once. */
export function securityHeaders(): RequestHandler {
  const headers = constantHeaders(helmet(POLICY));
  return (_request, response, next) => {
    for (const [name, value] of headers) {
      response.setHeader(name, value);
    }
    next();
  };
}

/**
 * What a middleware sets whatever the request is.
 *
 * @throws {TypeError} when it looks at the request, or has not set them at once
 */
function constantHeaders(middleware: ReturnType<typeof helmet>): readonly [string, string][] {
  const headers = new Map<string, string>();
  let isDone = false;
  const response = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  Reflect.apply(middleware, undefined, [null, response, () => (isDone = true)]);
  if (!isDone) {
    throw new TypeError("Cannot make the security headers once: they are not set at once");
  }
  return [...headers];
}
