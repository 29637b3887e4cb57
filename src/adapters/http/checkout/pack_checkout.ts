import type {
  StartPackCheckout,
  StartPackCheckoutOutcome,
} from "../../../application/checkout/start_pack_checkout.ts";
import { compileSchema } from "../../../kit/json_schema.ts";
import { checkedBody, type Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { invalidRedirect } from "./invalid_redirect.ts";

interface PackCheckoutBody {
  readonly packSlug: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** Where Stripe may send the payer back to; the origin is checked apart. */
export const URL_SCHEMA = { type: "string", minLength: 1, maxLength: 2048 } as const;

/** What `POST /checkout` takes for a token pack. */
const PACK_CHECKOUT_SCHEMA = {
  type: "object",
  required: ["packSlug", "successUrl", "cancelUrl"],
  additionalProperties: false,
  properties: {
    packSlug: { type: "string", minLength: 1, maxLength: 64 },
    successUrl: URL_SCHEMA,
    cancelUrl: URL_SCHEMA,
  },
};

const check = compileSchema<PackCheckoutBody>(PACK_CHECKOUT_SCHEMA);

/** Whether a body wants a token pack, and nothing else: one with a plan is a plan's. */
export function namesPack(body: unknown): boolean {
  return (
    typeof body === "object" &&
    body !== null &&
    Object.hasOwn(body, "packSlug") &&
    !Object.hasOwn(body, "planSlug")
  );
}

/**
 * Starts the Checkout of a token pack.
 *
 * @throws {HttpError} 400 for a body that is not valid
 */
export async function packCheckoutReply(
  startPackCheckout: StartPackCheckout,
  { body, tenantId }: { body: unknown; tenantId: string },
): Promise<Reply | HttpError> {
  const wish = checkedBody(check, body);
  return replyOf(await startPackCheckout.execute({ ...wish, tenantId }));
}

function replyOf(outcome: StartPackCheckoutOutcome): Reply | HttpError {
  switch (outcome.type) {
    case "started":
      return { status: 200, body: { url: outcome.url, mode: "checkout" } };
    case "invalid_redirect":
      return invalidRedirect(outcome.problems);
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
    default:
      return outcome satisfies never;
  }
}
