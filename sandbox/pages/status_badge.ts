import type { Delivery } from "../state/delivery.ts";
import type { WireInvoice, WireSubscription } from "../state/wire.ts";
import { type Html, html } from "./html.ts";

type Tone = "good" | "info" | "warn" | "bad";
type Look = readonly [text: string, tone: Tone];

const SUBSCRIPTION_LOOKS: Record<string, Look> = {
  active: ["Active", "good"],
  trialing: ["On trial", "good"],
  past_due: ["Past due", "bad"],
  unpaid: ["Unpaid", "bad"],
  incomplete: ["Incomplete", "warn"],
  incomplete_expired: ["Never started", "info"],
  paused: ["Paused", "warn"],
  canceled: ["Canceled", "info"],
};

const INVOICE_LOOKS: Record<string, Look> = {
  draft: ["Draft", "info"],
  open: ["Open", "warn"],
  paid: ["Paid", "good"],
  uncollectible: ["Uncollectible", "bad"],
  void: ["Void", "info"],
};

const DELIVERY_LOOKS: Record<Delivery["status"], Look> = {
  pending: ["Under way", "info"],
  held: ["Held back", "warn"],
  delivered: ["Delivered", "good"],
  failed: ["Failed", "bad"],
  dropped: ["Dropped on purpose", "warn"],
};

/** A subscription's status; `ending` where it is canceled for the end of its period. */
export function subscriptionBadge(status: WireSubscription["status"], ending = false): Html {
  return badge(
    ending && status === "active" ? ["Ends soon", "warn"] : lookOf(SUBSCRIPTION_LOOKS, status),
  );
}

/** An invoice's status. */
export function invoiceBadge({ status }: Pick<WireInvoice, "status">): Html {
  return badge(lookOf(INVOICE_LOOKS, status ?? "draft"));
}

/** How far the delivery of an event is. */
export function deliveryBadge({ status }: Pick<Delivery, "status">): Html {
  return badge(DELIVERY_LOOKS[status]);
}

/** Stripe may add statuses, which are shown as they are. */
function lookOf(looks: Record<string, Look>, status: string): Look {
  return looks[status] ?? [status.replaceAll("_", " "), "info"];
}

function badge([text, tone]: Look): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}
