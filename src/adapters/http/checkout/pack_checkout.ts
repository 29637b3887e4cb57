import { type Static, Type } from "typebox";
import type { StartPackCheckoutOutcome } from "../../../application/checkout/start_pack_checkout.ts";
import type { Reply } from "../endpoint.ts";
import { HttpError } from "../http_error.ts";
import { closed, SLUG } from "../schema.ts";
import { invalidRedirect } from "./invalid_redirect.ts";

/** Where Stripe may send the payer back to; the origin is checked apart. */
export const URL_SCHEMA = Type.String({ minLength: 1, maxLength: 2_048 });

/** What `POST /checkout` takes for a token pack. */
export const PACK_BODY = closed(
  { packSlug: SLUG, successUrl: URL_SCHEMA, cancelUrl: URL_SCHEMA },
  { title: "PackCheckout" },
);

/** What starts a purchase. */
export const STARTED = closed({ url: Type.String(), mode: Type.Literal("checkout") });

/** Whether a body wants a token pack, and nothing else: one with a plan is a plan's. */
export function namesPack(body: unknown): boolean {
  return (
    typeof body === "object" &&
    body !== null &&
    Object.hasOwn(body, "packSlug") &&
    !Object.hasOwn(body, "planSlug")
  );
}

/** The reply to a wish for a token pack. */
export function packReply(
  outcome: StartPackCheckoutOutcome,
): Reply<Static<typeof STARTED>> | HttpError {
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
