import { Type } from "typebox";
import type { Billing } from "../../../application/billing.ts";
import type { AutoTopUpView } from "../../../application/tokens/top_ups/auto_top_up.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { input } from "../input.ts";
import { COUNT, closed, DATE_TIME, nullable, type Shown, SLUG } from "../schema.ts";

const TOKENS = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const PACKS = Type.Integer({ minimum: 1, maximum: 100 });

const AUTO_TOP_UP = closed(
  {
    enabled: Type.Boolean(),
    belowTokens: nullable(TOKENS),
    packSlug: nullable(Type.String()),
    maxPerMonth: nullable(PACKS),
    boughtThisMonth: { ...COUNT, description: "Packs bought by it in this calendar month, UTC" },
    stopped: nullable(
      closed({
        at: DATE_TIME,
        packSlug: Type.String(),
        reason: Type.String({ description: "A code, such as card_declined" }),
      }),
    ),
  },
  { title: "AutoTopUp" },
);

const BODY = closed({
  enabled: Type.Boolean(),
  belowTokens: TOKENS,
  packSlug: SLUG,
  maxPerMonth: PACKS,
});

/** `GET /auto-top-up`: when token packs are bought by themselves, and what stopped it. */
export function readAutoTopUpEndpoint({ readAutoTopUp }: Billing): Endpoint {
  return endpoint({
    method: "get",
    path: "/auto-top-up",
    access: "payer",
    summary: "When token packs are bought by themselves, how many were, and what stopped it",
    answer: AUTO_TOP_UP,
    async handle({ tenantId }) {
      return { status: 200, body: bodyOf(await readAutoTopUp.execute({ tenantId })) };
    },
  });
}

/** `PUT /auto-top-up`: sets when token packs are bought by themselves. */
export function changeAutoTopUpEndpoint({ changeAutoTopUp }: Billing): Endpoint {
  return endpoint({
    method: "put",
    path: "/auto-top-up",
    access: "payer",
    summary: "Buys a pack by the stored card when few tokens are left, up to a number a month",
    body: input(BODY),
    answer: AUTO_TOP_UP,
    refusals: { 404: ["unknown_pack"], 409: ["no_customer"], 422: ["pack_not_purchasable"] },
    async handle({ tenantId, body }) {
      const outcome = await changeAutoTopUp.execute({ tenantId, ...body });
      switch (outcome.type) {
        case "changed":
          return { status: 200, body: bodyOf(outcome.autoTopUp) };
        case "unknown_pack":
          return new HttpError(404, {
            code: "unknown_pack",
            message: `There is no token pack "${outcome.packSlug}": choose one from the list of packs`,
          });
        case "pack_not_purchasable":
          return new HttpError(422, {
            code: "pack_not_purchasable",
            message: `The token pack "${outcome.packSlug}" cannot be bought: ${outcome.reason}`,
          });
        case "no_customer":
          return new HttpError(409, {
            code: "no_customer",
            message: "There is no card to charge yet: buy a plan or a token pack first",
          });
        default:
          return outcome satisfies never;
      }
    },
  });
}

function bodyOf({ stopped, ...view }: AutoTopUpView): Shown<typeof AUTO_TOP_UP> {
  return {
    ...view,
    stopped: stopped && { at: stopped.at, packSlug: stopped.packSlug, reason: stopped.reason },
  };
}
