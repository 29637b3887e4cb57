import { createHmac } from "node:crypto";

/** What signs the events of benches. */
export const WEBHOOK_SECRET = "whsec_bench_0123456789abcdef0123456789abcdef";

/** A small event of a customer, as the service takes it from Stripe. */
export function signedEvent(id: string, customer: string) {
  const seconds = Math.floor(Date.now() / 1_000);
  const body = JSON.stringify({
    id,
    object: "event",
    api_version: "2026-10-28.endive",
    created: seconds,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: "customer.subscription.updated",
    data: { object: { id: "sub_bench", object: "subscription", customer } },
  });
  const digest = createHmac("sha256", WEBHOOK_SECRET).update(`${seconds}.${body}`).digest("hex");
  return { rawBody: Buffer.from(body), signature: `t=${seconds},v1=${digest}` };
}
