import { Stripe } from "stripe";
import {
  type Received,
  type ServiceOptions,
  send,
  startTestService,
  subscribe,
  type TestService,
} from "../../../rig/service_rig.ts";
import { NOW, subscriptionOf, WEBHOOK_SECRET } from "../../../samples/http.ts";

/** The service's time, as Stripe writes it. */
export const NOW_SECONDS = NOW.getTime() / 1000;

/** An event about the tenant's subscription. */
export function eventBody(id = "evt_1", changes: object = {}): string {
  return JSON.stringify({
    id,
    object: "event",
    type: "customer.subscription.updated",
    api_version: "2026-10-28.endive",
    created: NOW_SECONDS,
    livemode: false,
    data: { object: { id: "sub_1", object: "subscription", customer: "cus_1" } },
    ...changes,
  });
}

/** The `Stripe-Signature` of a payload. */
export function signatureOf(
  payload: string,
  changes: { secret?: string; timestamp?: number } = {},
) {
  return Stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret: WEBHOOK_SECRET,
    timestamp: NOW_SECONDS,
    ...changes,
  });
}

/** Starts a service whose tenant has a customer with an active subscription at Stripe. */
export async function startWithCustomer(options: ServiceOptions = {}): Promise<TestService> {
  const service = await startTestService(options);
  await service.fixture.addCustomer("cus_1");
  subscribe(service, subscriptionOf("active"));
  return service;
}

/** Delivers a payload as Stripe would; without a signature, with a sound one. */
export async function deliver(
  service: TestService,
  payload: string | Uint8Array<ArrayBuffer>,
  signature?: string,
  headers: Record<string, string> = {},
): Promise<Received> {
  const signed = signature ?? (await signatureOf(Buffer.from(payload).toString()));
  return await send(`${service.url}/billing/webhook`, {
    body: payload,
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Stripe-Signature": signed,
      ...headers,
    },
  });
}
