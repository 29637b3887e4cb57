import type { Billing } from "../../../application/billing.ts";
import type { ReleaseEmailQuotaOutcome } from "../../../application/quota/release_email_quota.ts";
import type { Endpoint, Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { keyIn } from "../key.ts";

/** `DELETE /usage/emails/{key}`: gives e-mails back that were counted, but not sent. */
export function releaseEmailsEndpoint({ releaseEmailQuota }: Billing): Endpoint {
  return {
    method: "delete",
    path: "/usage/emails/:key",
    access: "service",
    scope: "billing:usage",
    async handle({ params, tenantId }) {
      return replyOf(await releaseEmailQuota.execute({ tenantId, key: keyIn(params) }));
    },
  };
}

function replyOf(outcome: ReleaseEmailQuotaOutcome): Reply | HttpError {
  switch (outcome.type) {
    case "released":
      return { status: 200, body: { released: true, repeated: false } };
    case "already_released":
      return { status: 200, body: { released: true, repeated: true } };
    case "unknown_key":
      return new HttpError(404, {
        code: "unknown_key",
        message: "No e-mails were counted under this key, or its period has been over for long",
      });
    default:
      return outcome satisfies never;
  }
}
