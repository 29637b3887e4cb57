import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { ReleaseEmailQuotaOutcome } from "../../../application/quota/release_email_quota.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { KEY_PARAMS } from "../key.ts";
import { closed } from "../schema.ts";

const ANSWER = closed({ released: Type.Literal(true), repeated: Type.Boolean() });

/** `DELETE /usage/emails/{key}`: gives e-mails back that were counted, but not sent. */
export function releaseEmailsEndpoint({ releaseEmailQuota }: Billing): Endpoint {
  return endpoint({
    method: "delete",
    path: "/usage/emails/:key",
    access: "service",
    scope: "billing:usage",
    summary: "Gives e-mails back that were counted, but not sent",
    params: KEY_PARAMS,
    answer: ANSWER,
    refusals: { 404: ["unknown_key"] },
    async handle({ params: { key }, tenantId }) {
      return replyOf(await releaseEmailQuota.execute({ tenantId, key }));
    },
  });
}

function replyOf(outcome: ReleaseEmailQuotaOutcome): ReplyTo<typeof ANSWER> {
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
