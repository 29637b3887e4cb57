import type { Billing } from "../../../application/billing.ts";
import type { ConsumeEmailQuotaOutcome } from "../../../application/quota/consume_email_quota.ts";
import { MAX_BATCH_EMAILS } from "../../../domain/quota/email_quota.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Endpoint, type Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { KEY_SCHEMA } from "../key.ts";
import { quotaBody, quotaExceeded, quotaHeaders } from "./quota_reply.ts";

interface ConsumeEmailsBody {
  readonly count: number;
  readonly key?: string;
}

/** The body of `POST /usage/emails`. */
const CONSUME_EMAILS_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["count"],
  properties: {
    count: { type: "integer", minimum: 1, maximum: MAX_BATCH_EMAILS },
    key: KEY_SCHEMA,
  },
};

const check = compileSchema<ConsumeEmailsBody>(CONSUME_EMAILS_SCHEMA);

/** `POST /usage/emails`: counts e-mails before another service sends them. */
export function consumeEmailsEndpoint({ consumeEmailQuota }: Billing): Endpoint {
  return {
    method: "post",
    path: "/usage/emails",
    access: "service",
    scope: "billing:usage",
    async handle({ body, tenantId }) {
      const wish = checkedBody(check, body);
      return replyOf(await consumeEmailQuota.execute({ ...wish, tenantId }));
    },
  };
}

function replyOf(outcome: ConsumeEmailQuotaOutcome): Reply | HttpError {
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
      const message = `This key was used for ${outcome.count} e-mails: use another one`;
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
