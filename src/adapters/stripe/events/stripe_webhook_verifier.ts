import { Stripe } from "stripe";
import type { Clock } from "../../../application/ports/clock.ts";
import type { WebhookVerifier } from "../../../application/ports/events/webhook_verifier.ts";
import type { BillingEvent } from "../../../domain/events/billing_event.ts";
import { mapEvent } from "./map_event.ts";

/** Which deliveries to believe. */
export interface WebhookTrust {
  /** Signing secrets; any of them may match (P02). */
  readonly secrets: readonly string[];
  /** How far a delivery's timestamp may be from now, in either direction. */
  readonly toleranceSeconds: number;
  readonly clock: Clock;
}

/**
 * Stripe's webhook signatures. stripe-node computes and compares them; it takes timestamps from
 * the future and turns the check off at a tolerance of 0, so both are refused here.
 */
export class StripeWebhookVerifier implements WebhookVerifier {
  readonly #trust: WebhookTrust;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  /** @throws {TypeError} without a usable secret or tolerance; the message repeats no secret */
  constructor(trust: WebhookTrust) {
    const { secrets, toleranceSeconds } = trust;
    if (secrets.length === 0) {
      throw new TypeError("Cannot verify webhooks: no signing secret is configured");
    }
    if (secrets.some((secret) => secret === "" || /\s/.test(secret))) {
      throw new TypeError("Cannot verify webhooks: a signing secret is empty or has white space");
    }
    if (!Number.isSafeInteger(toleranceSeconds) || toleranceSeconds <= 0) {
      throw new TypeError("Cannot verify webhooks: the tolerance must be a positive whole number");
    }
    this.#trust = { ...trust, secrets: [...secrets] };
  }

  /** {@inheritDoc} */
  async verify(
    rawBody: Uint8Array,
    signature: string | undefined,
  ): Promise<BillingEvent | undefined> {
    const body = this.#decode(rawBody);
    if (body === undefined || signature === undefined) {
      return undefined;
    }
    const receivedAtMs = this.#trust.clock().getTime();
    if (!this.#isSound(signature, receivedAtMs)) {
      return undefined;
    }
    for (const secret of this.#trust.secrets) {
      if (await this.#matches(body, signature, { secret, receivedAtMs })) {
        return mapEvent(body);
      }
    }
    return undefined;
  }

  /** The text of a body, whose bytes are exactly the text's in UTF-8 (P01). */
  #decode(rawBody: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(rawBody);
    } catch {
      return undefined;
    }
  }

  /**
   * Whether a header has one time, not too far ahead, and signatures that stripe-node can compare:
   * at an empty one it throws what a server would take for its own failure.
   */
  #isSound(header: string, receivedAtMs: number): boolean {
    const parts = header.split(",");
    const times = parts.filter((part) => /^t(=|$)/.test(part));
    const signatures = parts.filter((part) => /^v1(=|$)/.test(part));
    const seconds = Number(/^t=(\d{1,12})$/.exec(times[0] ?? "")?.[1]);
    return (
      times.length === 1 &&
      seconds - Math.floor(receivedAtMs / 1000) <= this.#trust.toleranceSeconds &&
      signatures.every((signature) => /^v1=[0-9a-f]{64}$/.test(signature))
    );
  }

  async #matches(
    body: string,
    header: string,
    { secret, receivedAtMs }: { secret: string; receivedAtMs: number },
  ): Promise<boolean> {
    const { toleranceSeconds } = this.#trust;
    const { signature } = Stripe.webhooks;
    if (signature === null) {
      throw new TypeError("Cannot verify webhooks: this build of stripe-node has no signatures");
    }
    try {
      return await signature.verifyHeaderAsync(
        body,
        header,
        secret,
        toleranceSeconds,
        undefined,
        receivedAtMs,
      );
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) {
        return false;
      }
      throw error;
    }
  }
}
