import type { Express } from "express";
import { type AppOptions, createApp } from "../../src/adapters/http/app.ts";
import { createLogger } from "../../src/kit/logger.ts";
import { ORIGIN, SECRET } from "../samples/http.ts";

/** The service's application, which believes tokens that are signed with `SECRET`. */
export function testApp(
  options: Partial<AppOptions> & Pick<AppOptions, "billing">,
  create: (options: AppOptions) => Express = createApp,
): Express {
  return create({
    authentication: {
      key: { type: "secret", secret: SECRET },
      clockToleranceSeconds: 5,
      tenantsClaim: "tenants",
    },
    corsOrigins: [ORIGIN],
    rateLimitPerMinute: 100_000,
    logger: createLogger({ level: "silent" }),
    ...options,
  });
}
