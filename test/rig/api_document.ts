import { serviceDocument } from "../../src/adapters/http/app.ts";
import type { OpenApiDocument } from "../../src/adapters/http/document/open_api_document.ts";
import { healthEndpoints } from "../../src/adapters/http/health_endpoint.ts";
import type { Billing } from "../../src/application/billing.ts";
import { createLogger } from "../../src/kit/logger.ts";

/** The document that the service serves: it depends on no use case. */
export function apiDocument(): OpenApiDocument {
  const billing = {} as Billing;
  const logger = createLogger({ level: "silent" });
  return serviceDocument(
    { billing, logger },
    healthEndpoints(billing, () => false),
  );
}
