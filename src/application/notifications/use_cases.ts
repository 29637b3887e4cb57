import type { BillingPorts } from "../ports/billing_ports.ts";
import { ChangeAlerts, ReadAlerts } from "./alerts.ts";
import { DeliverNotifications } from "./deliver_notifications.ts";
import { ListDeliveries, PurgeDeliveries, ReplayDelivery } from "./delivery_log.ts";
import { NotificationTargets } from "./notification_targets.ts";
import { TellAllTenants } from "./tell_all_tenants.ts";
import { TellTenant } from "./tell_tenant.ts";
import {
  AddWebhookEndpoint,
  ListWebhookEndpoints,
  RemoveWebhookEndpoint,
  RotateWebhookSecret,
} from "./webhook_endpoints.ts";

/** The use cases that notify hosts and webhook endpoints. */
export function notificationUseCases(
  ports: BillingPorts,
  settings: { eventRetentionDays: number; graceDays: number },
) {
  const targets = new NotificationTargets(ports);
  const { records: accounts, usage: emailUsage } = ports;
  const tellTenant = new TellTenant({ ...ports, accounts, emailUsage, targets }, settings);
  return {
    tellTenant,
    tellAllTenants: new TellAllTenants({ ...ports, targets, tellTenant }),
    deliverNotifications: new DeliverNotifications({ ...ports, targets }),
    addWebhookEndpoint: new AddWebhookEndpoint({ ...ports, targets }),
    rotateWebhookSecret: new RotateWebhookSecret({ targets }),
    removeWebhookEndpoint: new RemoveWebhookEndpoint({ targets }),
    listWebhookEndpoints: new ListWebhookEndpoints({ targets }),
    listDeliveries: new ListDeliveries(ports),
    replayDelivery: new ReplayDelivery(ports),
    purgeDeliveries: new PurgeDeliveries(ports, settings),
    readAlerts: new ReadAlerts(ports),
    changeAlerts: new ChangeAlerts(ports),
  };
}
