import { PortError } from "../../../application/ports/port_error.ts";
import type { BillingEvent } from "../../../domain/events/billing_event.ts";
import { WireObject } from "../wire_object.ts";

/**
 * Maps the event in a verified body; returns `undefined` if there is none. Reads snapshot and thin
 * events. Of a repeated JSON key, the last value counts.
 */
export function mapEvent(payload: string): BillingEvent | undefined {
  try {
    const wire = new WireObject(JSON.parse(payload), "an event");
    switch (wire.text("object")) {
      case "event":
        return snapshotEvent(wire, payload);
      case "v2.core.event":
        return thinEvent(wire, payload);
      default:
        return undefined;
    }
  } catch (error) {
    if (error instanceof PortError || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

function snapshotEvent(wire: WireObject, payload: string): BillingEvent {
  const object = wire.childOrNull("data")?.childOrNull("object") ?? null;
  return {
    id: wire.text("id"),
    type: wire.text("type"),
    createdAt: wire.date("created"),
    livemode: wire.flag("livemode"),
    connectedAccount: wire.textOrNull("account"),
    customerId: object === null ? null : readableCustomerOf(object),
    payload,
  };
}

/** Maps a thin event, which only links to its object and therefore names no customer. */
function thinEvent(wire: WireObject, payload: string): BillingEvent | undefined {
  const createdAt = new Date(wire.text("created"));
  return Number.isNaN(createdAt.getTime())
    ? undefined
    : {
        id: wire.text("id"),
        type: wire.text("type"),
        createdAt,
        livemode: wire.flag("livemode"),
        connectedAccount: wire.textOrNull("context"),
        customerId: null,
        payload,
      };
}

/**
 * Returns `null` even if the field has an unknown shape: Stripe would resend a refused event for
 * days.
 */
function readableCustomerOf(object: WireObject): string | null {
  try {
    return customerOf(object);
  } catch (error) {
    if (error instanceof PortError) {
      return null;
    }
    throw error;
  }
}

function customerOf(object: WireObject): string | null {
  return object.textOrNull("object") === "customer"
    ? object.textOrNull("id")
    : object.idOrNull("customer");
}
