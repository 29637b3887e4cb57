import type { Stripe } from "stripe";
import { callStripe } from "../call_stripe.ts";

/**
 * Lets a subscription end with its running period; at once where its first payment was never made,
 * because Stripe takes no later end of one. A schedule that manages it is released first, for the
 * same reason: the change that it would bring is not to come.
 *
 * @throws {PortError}
 */
export async function endWithPeriod(stripe: Stripe, id: string): Promise<void> {
  const read = { action: `read subscription "${id}"`, object: "subscription", id };
  const { wire } = await callStripe(read, () => stripe.subscriptions.retrieve(id));
  const status = wire.text("status");
  if (status === "canceled" || status === "incomplete_expired") {
    return;
  }
  if (status === "incomplete") {
    const action = `cancel subscription "${id}"`;
    await callStripe({ action, object: "subscription", id }, () => stripe.subscriptions.cancel(id));
    return;
  }
  const schedule = wire.idOrNull("schedule");
  if (schedule !== null) {
    const action = `release the schedule of subscription "${id}"`;
    await callStripe({ action, object: "subscription_schedule", id: schedule }, () =>
      stripe.subscriptionSchedules.release(schedule),
    );
  }
  const action = `end subscription "${id}" with its period`;
  await callStripe({ action, object: "subscription", id }, () =>
    stripe.subscriptions.update(id, { cancel_at_period_end: true }),
  );
}
