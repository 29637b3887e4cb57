import { Stripe } from "stripe";
import type { Clock } from "../../../application/ports/clock.ts";
import type { WebhookVerifier } from "../../../application/ports/events/webhook_verifier.ts";
import type { BillingEvent } from "../../../domain/events/billing_event.ts";
import { mapEvent } from "./map_event.ts";

/** Which webhook deliveries to trust. */
export interface WebhookTrust {
  /** Signing secrets; a delivery may match any of them (P02). */
  readonly secrets: readonly string[];
  /** Greatest distance between a delivery's timestamp and now, in seconds, in either direction. */
  readonly toleranceSeconds: number;
  readonly clock: Clock;
}

/**
 * Verifies Stripe's webhook signatures. stripe-node computes and compares them, but it accepts
 * timestamps from the future, and a tolerance of 0 turns its check off; this class refuses both.
 */
export class StripeWebhookVerifier implements WebhookVerifier {
  readonly #trust: WebhookTrust;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  /** @throws {TypeError} if no secret or no tolerance is usable; the message contains no secret */
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
  mayBeGenuine(signature: string): boolean {
    const now = this.#trust.clock().getTime();
    return this.#isSound(signature, now) && this.#isFresh(signature, now);
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

  /** Decodes a body; `undefined` unless its bytes are valid UTF-8 (P01). */
  #decode(rawBody: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(rawBody);
    } catch {
      return undefined;
    }
  }

  /**
   * Whether a header has exactly one time, not too far ahead, and signatures that stripe-node can
   * compare. At an empty signature it throws an error that looks like a failure of the server.
   */
  #isSound(header: string, receivedAtMs: number): boolean {
    const parts = header.split(",");
    const times = parts.filter((part) => /^t(=|$)/.test(part));
    const signatures = parts.filter((part) => /^v1(=|$)/.test(part));
    const seconds = secondsIn(header);
    return (
      times.length === 1 &&
      signatures.length > 0 &&
      seconds - Math.floor(receivedAtMs / 1000) <= this.#trust.toleranceSeconds &&
      signatures.every((signature) => /^v1=[0-9a-f]{64}$/.test(signature))
    );
  }

  #isFresh(header: string, receivedAtMs: number): boolean {
    const age = Math.floor(receivedAtMs / 1000) - secondsIn(header);
    return age <= this.#trust.toleranceSeconds;
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

/** The time of a signature header; `NaN` where it has none. */
function secondsIn(header: string): number {
  const time = header.split(",").find((part) => /^t(=|$)/.test(part));
  return Number(/^t=(\d{1,12})$/.exec(time ?? "")?.[1]);
}
