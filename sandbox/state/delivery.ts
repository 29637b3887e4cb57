import type { WireWebhookEndpoint } from "./wire.ts";

/** A webhook endpoint; `configured` ones come from the program, not the API, and outlive a reset. */
export interface EndpointRecord {
  object: WireWebhookEndpoint;
  secret: string;
  configured: boolean;
}

/** One attempt to deliver an event. Times are real time in ISO 8601. */
export interface DeliveryAttempt {
  at: string;
  /** The HTTP status of the answer; null where there was none. */
  status: number | null;
  error: string | null;
}

/** One copy of an event on its way to one endpoint. */
export interface Delivery {
  id: string;
  event: string;
  type: string;
  endpoint: string;
  url: string;
  /** `held`: delivery is paused; `dropped`: lost on purpose; `failed`: no retry is left. */
  status: "pending" | "held" | "delivered" | "failed" | "dropped";
  attempts: DeliveryAttempt[];
}

/** How badly events are delivered. All of it is reproducible by the seed. */
export interface DeliverySettings {
  /** Hold every delivery until this becomes false. */
  paused: boolean;
  /** How many copies of each event are sent, at the same time. */
  duplicates: number;
  /** Send the events of one burst in a random order. */
  shuffle: boolean;
  /** Wait for a random time up to this before each first attempt. */
  delayMs: number;
  /** The share of copies, 0 to 1, that are lost for good unless they are resent. */
  dropRate: number;
  seed: number;
}

/** Delivery without any distortion. */
export const FAITHFUL_DELIVERY: DeliverySettings = {
  paused: false,
  duplicates: 1,
  shuffle: false,
  delayMs: 0,
  dropRate: 0,
  seed: 1,
};
