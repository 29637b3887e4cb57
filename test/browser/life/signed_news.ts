import { expect } from "chai";
import { Stripe } from "stripe";
import type {
  AnyNotification,
  NotificationType,
} from "../../../src/domain/notifications/notification.ts";
import { openWebhookReceiver } from "../../crash/telling/webhook_receiver.ts";
import type { PlayedDashboard } from "../played_dashboard.ts";

/** Signatures may be so old. Seconds. */
const TOLERANCE = 300;

/** An endpoint of MailingCore's own services, which hears what tenants are alerted of. */
export interface SignedNews {
  /** The first event of a type that a tenant's life has caused, once it has come. */
  next<T extends NotificationType>(
    tenantId: string,
    type: T,
  ): Promise<Extract<AnyNotification, { type: T }>>;
  close(): Promise<void>;
}

/**
 * Opens an endpoint and has it told. It believes nothing that is not signed: Stripe's own library,
 * whose scheme the documentation describes, checks every signature, and refuses any other body.
 */
export async function openSignedNews(
  played: PlayedDashboard,
  types: readonly NotificationType[],
): Promise<SignedNews> {
  const receiver = await openWebhookReceiver();
  const secret = await played.tell(receiver.url, types);
  const { signature: scheme } = Stripe.webhooks;
  const verify = (body: string, signature: string, at: string) =>
    scheme?.verifyHeader(body, signature, secret, TOLERANCE, undefined, Date.parse(at));
  return {
    next: async (tenantId, type) => {
      const isMeant = ({ notification }: (typeof receiver.arrivals)[number]) =>
        notification.tenantId === tenantId && notification.type === type;
      let found = receiver.arrivals.find(isMeant);
      while (found === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        found = receiver.arrivals.find(isMeant);
      }
      const { body, signature, notification } = found;
      expect(verify(body, signature, notification.at)).to.equal(true);
      expect(() => verify(`${body} `, signature, notification.at)).to.throw(/signature/i);
      return notification as Extract<AnyNotification, { type: typeof type }>;
    },
    close: () => receiver.close(),
  };
}
