import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { EndedTenant } from "../../../application/subscription/end_tenant.ts";
import { REDACTIONS, type Redaction } from "../../../domain/subscription/billing_account.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { input } from "../input.ts";
import { ID_PARAMS } from "../key.ts";
import { AMOUNT, CURRENCY, closed, DATE_TIME, nullable, oneOf, type Shown } from "../schema.ts";

const QUERY = closed({
  when: Type.Optional(oneOf(["now", "period_end"])),
  refund: Type.Optional(oneOf(["true", "false"])),
  redact: Type.Optional(
    Type.Unsafe<Redaction | "true" | "false">({
      type: "string",
      enum: [...REDACTIONS, "true", "false"],
      description: "Takes personal data off the customer at Stripe, or deletes it; `true` deletes",
    }),
  ),
});

const ENDED = closed(
  {
    tenantId: Type.String(),
    when: oneOf(["now", "period_end"]),
    endsAt: DATE_TIME,
    subscriptions: Type.Array(Type.String({ description: "Cancelled now or at their end" })),
    checkouts: Type.Array(Type.String({ description: "Closed before they were paid" })),
    refund: nullable(
      closed({
        invoiceId: Type.String(),
        amount: AMOUNT,
        currency: CURRENCY,
        refused: nullable(Type.String({ description: "Why Stripe refuses it" })),
      }),
    ),
    redacted: Type.Union([oneOf(REDACTIONS), Type.Null()], {
      description: "Whether the customer is emptied or deleted at Stripe; null: it stays as it is",
    }),
  },
  { title: "EndedTenant" },
);

/** `DELETE /tenants/{id}`: ends a tenant, now or with what it has paid for (P44). */
export function endTenantEndpoint({ endTenant }: Billing): Endpoint {
  return endpoint({
    method: "delete",
    path: "/tenants/:id",
    access: "operator",
    asksStripe: true,
    summary: "Ends a tenant: it sends, spends and buys nothing any more; repeating it is harmless",
    params: ID_PARAMS,
    query: input(QUERY),
    answer: ENDED,
    refusals: { 404: ["unknown_tenant"], 422: ["only_now"] },
    async handle({ params: { id: tenantId }, query }) {
      const { when = "now" } = query;
      const refund = query.refund === "true";
      const redact = redactionOf(query.redact);
      if (when === "period_end" && (refund || redact !== null)) {
        return new HttpError(422, {
          code: "only_now",
          message: "Money and personal data can only be given back and removed with when=now",
        });
      }
      const outcome = await endTenant.execute({ tenantId, when, refund, redact });
      return outcome.type === "unknown"
        ? new HttpError(404, {
            code: "unknown_tenant",
            message: "Nothing is known of a tenant with this id",
          })
        : { status: 200, body: bodyOf(tenantId, outcome) };
    },
  });
}

function redactionOf(wish: Redaction | "true" | "false" = "false"): Redaction | null {
  switch (wish) {
    case "true":
      return "delete";
    case "false":
      return null;
    default:
      return wish;
  }
}

function bodyOf(
  tenantId: string,
  { ending, subscriptionIds, checkoutIds, refundProblem }: EndedTenant,
): Shown<typeof ENDED> {
  return {
    tenantId,
    when: ending.when,
    endsAt: ending.at.toISOString(),
    subscriptions: subscriptionIds,
    checkouts: checkoutIds,
    refund: ending.refund && { ...ending.refund, refused: refundProblem },
    redacted: ending.redact,
  };
}
