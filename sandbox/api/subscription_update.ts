import type { Stripe } from "stripe";
import { invalidRequest } from "../engine/request_error.ts";
import { scheduleEnd } from "../engine/schedule_end.ts";
import { hasFuturePhase, scheduleOf } from "../engine/schedules.ts";
import { isLive } from "../engine/subscriptions.ts";
import { emitChange, type Transaction } from "../engine/transaction.ts";
import type { WireSubscription } from "../state/wire.ts";
import { changeSubscription } from "../subscriptions/change_subscription.ts";
import { endProrations } from "../subscriptions/end_prorations.ts";
import type { ItemChange } from "../subscriptions/item_change.ts";
import { setDiscounts } from "../subscriptions/set_discounts.ts";
import type { SubscriptionChange } from "../subscriptions/subscription_change.ts";
import {
  clearable,
  given,
  hash,
  integer,
  list,
  mergeMetadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
} from "./params.ts";
import { REMARKS } from "./subscription_remarks.ts";
import { CHANGED_ITEM, itemChanges } from "./subscriptions/changed_items.ts";
import { planTrialDays } from "./subscriptions/creation.ts";
import { requestedEnd } from "./subscriptions/requested_end.ts";
import { cancelAt, extrasOf, plainFields, SHARED } from "./subscriptions/shared_params.ts";

/** The parameters of a change of a subscription that the sandbox takes. */
export const UPDATE = {
  ...SHARED,
  billing_cycle_anchor: hash({ type: required(oneOf("now", "unchanged")) }),
  cancel_at: clearable(cancelAt),
  cancellation_details: REMARKS,
  items: list(CHANGED_ITEM, 20),
  pause_collection: clearable(
    hash({
      behavior: required(oneOf("keep_as_draft", "mark_uncollectible", "void")),
      resumes_at: integer,
    }),
  ),
  proration_date: integer,
} satisfies ShapeOf<Stripe.SubscriptionUpdateParams>;

/** A request to change a subscription. */
export type UpdateParams = Read<typeof UPDATE>;

const DAY_SECONDS = 86_400;

/** What may be sent for a change that waits for its payment (billing/pending-updates-reference). */
const PENDING_PARAMS: readonly (keyof UpdateParams)[] = [
  ...(["add_invoice_items", "billing_cycle_anchor", "items", "metadata", "off_session"] as const),
  ...(["payment_behavior", "proration_behavior", "proration_date", "trial_end"] as const),
  "trial_from_plan",
];

/**
 * Refuses what Stripe refuses of these parameters together.
 * @throws {RequestError}
 */
export function checkUpdate(params: UpdateParams): void {
  if (params.cancel_at !== undefined && params.cancel_at_period_end !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: cancel_at, cancel_at_period_end.",
      "cancel_at",
    );
  }
  if (params.trial_from_plan === true && params.trial_end !== undefined) {
    throw invalidRequest(
      "You may only specify one of these parameters: trial_end, trial_from_plan.",
      "trial_from_plan",
    );
  }
  if (params.payment_behavior === "pending_if_incomplete") {
    const names = Object.keys(params) as (keyof UpdateParams)[];
    const other = names.find(
      (name) => params[name] !== undefined && !PENDING_PARAMS.includes(name),
    );
    if (other !== undefined) {
      throw invalidRequest(
        "When `payment_behavior` is set to `pending_if_incomplete`, you can only pass " +
          `supported params. Unsupported: ${other}.`,
        other,
      );
    }
  }
}

/**
 * Changes a subscription as a request says; emits one `customer.subscription.updated` for all of
 * it, and for what is charged now the burst of the invoice.
 * @throws {RequestError}
 */
export function updateSubscription(
  tx: Transaction,
  subscription: WireSubscription,
  params: UpdateParams,
): void {
  checkStatus(subscription, params);
  const fields = plainFields(tx, subscription, subscription.customer, params);
  const apply = (updated: WireSubscription, at = tx) => applyFields(at, updated, params, fields);
  const lines = endLines(tx, subscription, params);
  const change =
    changeOf(tx, subscription, params) ?? (lines.length > 0 ? sameItems(tx, params) : undefined);
  if (change === undefined) {
    emitChange(tx, "customer.subscription.updated", subscription, (updated) => apply(updated));
    return;
  }
  changeSubscription(
    tx,
    subscription,
    { ...change, lines, fields: apply },
    params.payment_behavior,
  );
}

/** What a request to end the subscription, or not to, makes of the time that was billed. */
function endLines(tx: Transaction, subscription: WireSubscription, params: UpdateParams) {
  const end = requestedEnd(subscription, params);
  const changed = (params.items ?? []).map(({ id }) => id);
  return end === undefined || params.proration_behavior === "none"
    ? []
    : endProrations(tx, subscription, end, changed);
}

function sameItems(tx: Transaction, params: UpdateParams): SubscriptionChange {
  const prorationBehavior = params.proration_behavior ?? "create_prorations";
  const now = { prorationDate: tx.now, resetAnchor: false, trialEnd: null };
  return { items: [], prorationBehavior, ...now };
}

/** What a request asks of what is billed; undefined where it leaves that alone. */
export function changeOf(
  tx: Transaction,
  subscription: WireSubscription,
  params: Pick<UpdateParams, "billing_cycle_anchor" | "items" | "trial_end"> &
    Partial<
      Pick<
        UpdateParams,
        "add_invoice_items" | "proration_behavior" | "proration_date" | "trial_from_plan"
      >
    >,
): SubscriptionChange | undefined {
  const { billing_cycle_anchor: anchor, items, add_invoice_items } = params;
  const changes = itemChanges(tx, subscription, items ?? []);
  const trialEnd = params.trial_end ?? planTrialEnd(tx, params, changes);
  const resetAnchor = anchor?.type === "now";
  const bills = items !== undefined || resetAnchor || trialEnd !== undefined;
  if (!bills && add_invoice_items === undefined) {
    return undefined;
  }
  if (typeof trialEnd === "number" && trialEnd <= tx.now) {
    throw invalidRequest(
      "Invalid timestamp: must be an integer Unix timestamp in the future.",
      "trial_end",
    );
  }
  return {
    items: changes,
    prorationBehavior: params.proration_behavior ?? "create_prorations",
    prorationDate: params.proration_date ?? tx.now,
    resetAnchor,
    trialEnd: trialEnd ?? null,
    extras: extrasOf(tx, { add_invoice_items }, subscription.currency),
  };
}

/** When the trial ends that the new prices bring, where a request asks for it. */
function planTrialEnd(
  tx: Transaction,
  { trial_from_plan: asked }: Partial<Pick<UpdateParams, "trial_from_plan">>,
  changes: readonly ItemChange[],
): number | undefined {
  const prices = changes.flatMap((one) =>
    one.kind === "delete" ? [] : [{ price: one.kind === "add" ? one.item.price : one.price }],
  );
  const days = planTrialDays(asked, prices);
  return days === null ? undefined : tx.now + days * DAY_SECONDS;
}

function checkStatus(subscription: WireSubscription, params: UpdateParams): void {
  const sent = Object.entries(params).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (!isLive(subscription)) {
    const allowed = ["cancellation_details", "metadata"];
    if (sent.some((name) => !allowed.includes(name))) {
      throw invalidRequest(
        "A canceled subscription can only update its cancellation_details and metadata.",
      );
    }
  }
  if (subscription.status === "incomplete") {
    const allowed = ["cancellation_details", "default_payment_method", "metadata"];
    if (sent.some((name) => !allowed.includes(name))) {
      throw invalidRequest(
        "This subscription has its status set to `incomplete`. A subscription in this status can " +
          "only have its metadata and default source updated.",
      );
    }
  }
  const method = params.collection_method ?? subscription.collection_method;
  if (params.payment_behavior === "pending_if_incomplete" && method === "send_invoice") {
    throw invalidRequest(
      "You cannot use `payment_behavior=pending_if_incomplete` with " +
        "`collection_method=send_invoice`.",
      "payment_behavior",
    );
  }
}

function applyFields(
  tx: Transaction,
  subscription: WireSubscription,
  params: UpdateParams,
  fields: Partial<WireSubscription>,
): void {
  const end = requestedEnd(subscription, params);
  if (end !== undefined) {
    if (hasFuturePhase(scheduleOf(tx.state, subscription))) {
      throw invalidRequest(
        "The subscription is managed by the subscription schedule " +
          `\`${subscription.schedule}\`, and updating any cancelation behavior directly is not ` +
          "allowed. Please update the schedule instead.",
      );
    }
    scheduleEnd(tx, subscription, end);
  }
  Object.assign(subscription, fields);
  setDiscounts(tx, subscription, params.discounts);
  subscription.metadata = mergeMetadata(subscription.metadata, params.metadata);
  const { pause_collection: pause, cancellation_details: remarks } = params;
  if (pause !== undefined) {
    subscription.pause_collection = pauseOf(tx, pause);
  }
  if (remarks !== undefined && subscription.cancellation_details !== null) {
    Object.assign(subscription.cancellation_details, given(remarks));
  }
}

function pauseOf(
  tx: Transaction,
  pause: NonNullable<UpdateParams["pause_collection"]> | null,
): WireSubscription["pause_collection"] {
  if (pause === null) {
    return null;
  }
  if (pause.resumes_at !== undefined && pause.resumes_at <= tx.now) {
    throw invalidRequest(
      "`pause_collection[resumes_at]` must be in the future.",
      "pause_collection[resumes_at]",
    );
  }
  return { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null };
}
