import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { ConsumeEmailQuotaOutcome } from "../../../application/quota/consume_email_quota_outcome.ts";
import { counted } from "../../../domain/counted.ts";
import { MAX_BATCH_EMAILS } from "../../../domain/quota/email_quota.ts";
import { type Endpoint, endpoint, type ReplyTo } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { input } from "../input.ts";
import { KEY_SCHEMA } from "../key.ts";
import { closed, nullable } from "../schema.ts";
import { QUOTA_HEADERS, quotaBody, quotaExceeded, quotaHeaders } from "./quota_reply.ts";
import { QUOTA } from "./quota_schemas.ts";

/** The body of `POST /usage/emails`. */
const BODY = closed({
  count: Type.Integer({ minimum: 1, maximum: MAX_BATCH_EMAILS }),
  key: Type.Optional(KEY_SCHEMA),
});

const ANSWER = closed({ quota: nullable(QUOTA), repeated: Type.Boolean() });

/** `POST /usage/emails`: counts e-mails before another service sends them. */
export function consumeEmailsEndpoint({ consumeEmailQuota }: Billing): Endpoint {
  return endpoint({
    method: "post",
    path: "/usage/emails",
    access: "service",
    scope: "billing:usage",
    summary: "Counts e-mails before they are sent",
    body: input(BODY),
    answer: ANSWER,
    headers: QUOTA_HEADERS,
    refusals: { 409: ["key_conflict", "key_released"], 429: ["email_quota_exceeded"] },
    links: { "delete /usage/emails/{key}": { key: "$request.body#/key" } },
    async handle({ body, tenantId }) {
      return replyOf(await consumeEmailQuota.execute({ ...body, tenantId }));
    },
  });
}

function replyOf(outcome: ConsumeEmailQuotaOutcome): ReplyTo<typeof ANSWER> {
  switch (outcome.type) {
    case "counted": {
      const { quota, repeated } = outcome;
      const body = { quota: quotaBody(quota), repeated };
      return { status: 200, headers: quotaHeaders(quota), body };
    }
    case "uncounted":
      return { status: 200, body: { quota: null, repeated: false } };
    case "exceeded":
      return quotaExceeded(outcome);
    case "key_conflict": {
      const message = `This key was used for ${counted(outcome.count, "e-mail")}: use another one`;
      return new HttpError(409, {
        code: "key_conflict",
        message,
        details: [{ field: "count", message }],
      });
    }
    case "key_released":
      return new HttpError(409, {
        code: "key_released",
        message: "The e-mails of this key were given back: use another key to send again",
      });
    default:
      return outcome satisfies never;
  }
}
