import type { Billing } from "../../../src/application/billing.ts";
import {
  NOTIFICATION_TYPES,
  type NotificationType,
} from "../../../src/domain/notifications/notification.ts";
import { BillingFixture } from "../../rig/billing_fixture.ts";
import { useFresh } from "../../rig/use_fresh.ts";
import { TENANT } from "../../samples/account.ts";
import { type RecordedWebhooks, recordedWebhooks, typesOf } from "./recorded_webhooks.ts";

export const HOOKS_URL = "https://hooks.example.com/billing";
export const tenantId = TENANT;

/** Billing whose webhooks arrive in memory. */
export interface NotificationRig {
  readonly fixture: BillingFixture;
  readonly webhooks: RecordedWebhooks;
  readonly billing: Billing;
  /** Adds an endpoint; answers its id. */
  listen(events?: readonly NotificationType[]): Promise<string>;
  /** The types of what arrives when the tenant is told of and all is delivered. */
  deliver(): Promise<string[]>;
  /** Gives the tenant tokens. */
  give(tokens: number): Promise<void>;
  /** Spends all that the tenant has. */
  spendAll(key: string): Promise<void>;
  close(): Promise<void>;
}

/** A rig that is made anew before each test. */
export function useNotifications(): NotificationRig {
  return useFresh(notificationRig);
}

async function notificationRig(): Promise<NotificationRig> {
  const fixture = await BillingFixture.open();
  const webhooks = recordedWebhooks();
  const billing = fixture.process({ webhookSender: webhooks.sender });
  return {
    fixture,
    webhooks,
    billing,
    listen: async (events = NOTIFICATION_TYPES) => {
      const outcome = await billing.addWebhookEndpoint.execute({ url: HOOKS_URL, events });
      if (outcome.type !== "saved") {
        throw new Error(`Expected an endpoint, got ${outcome.type}`);
      }
      return outcome.endpoint.id;
    },
    deliver: async () => {
      webhooks.arrived.length = 0;
      await billing.tellTenant.execute({ tenantId });
      await billing.deliverNotifications.execute({ limit: 100 });
      return typesOf(webhooks);
    },
    give: async (tokens) => {
      await billing.adjustTokens.execute({ tenantId, tokens, reason: "test", operator: "Ada" });
    },
    spendAll: async (key) => {
      const { balance } = await billing.readTokens.execute({ tenantId, limit: 1 });
      await billing.spendTokens.execute({ tenantId, key, tokens: balance.available });
    },
    close: () => fixture.close(),
  };
}
