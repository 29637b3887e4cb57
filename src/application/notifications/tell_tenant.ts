import type { AlertSettings } from "../../domain/notifications/alert_settings.ts";
import { DEFAULT_ALERTS } from "../../domain/notifications/alert_settings.ts";
import type { SourcedNotification } from "../../domain/notifications/notification.ts";
import type { NotificationTarget } from "../../domain/notifications/notification_target.ts";
import { NOTHING_TOLD, type Told } from "../../domain/notifications/told.ts";
import { coalesce } from "../coalesce.ts";
import type { Clock } from "../ports/clock.ts";
import type { Announcement } from "../ports/notifications/announce.ts";
import type { DeliveryStore } from "../ports/notifications/delivery_store.ts";
import type { NotificationRecords } from "../ports/notifications/notification_records.ts";
import { PortError } from "../ports/port_error.ts";
import { type News, type NewsSources, newsSince } from "./news_since.ts";
import type { NotificationTargets } from "./notification_targets.ts";

const MAX_ATTEMPTS = 20;
/** More news than one run ever has. */
const POSITIONS_PER_VERSION = 1_000_000;
/** The record's id for news that concerns no tenant; no tenant's id is empty. */
const NO_TENANT = "";

/** The dependencies of `TellTenant`. */
export interface TellTenantPorts extends NewsSources {
  readonly notificationRecords: NotificationRecords;
  readonly deliveries: DeliveryStore;
  readonly targets: NotificationTargets;
  readonly clock: Clock;
}

/**
 * Creates a delivery for everybody who wants to hear what happened to a tenant (P41). First stores
 * the deliveries, whose ids follow from the facts, then how far the tenant is told: a crash in
 * between repeats some of them, but loses or invents none. Safe to run at any time, any number of
 * times, in any number of processes.
 */
export class TellTenant {
  readonly #ports: TellTenantPorts;
  readonly #graceDays: number;
  readonly #tell = coalesce((key) => this.#tellNow(key));

  constructor(ports: TellTenantPorts, settings: { readonly graceDays: number }) {
    this.#ports = ports;
    this.#graceDays = settings.graceDays;
  }

  /** @throws {PortError} */
  async execute({ tenantId }: Announcement): Promise<void> {
    const key = tenantId ?? NO_TENANT;
    if ((await this.#ports.targets.recent()).length === 0) {
      return;
    }
    await this.#tell(key);
  }

  async #tellNow(key: string): Promise<void> {
    const { notificationRecords: records, targets } = this.#ports;
    const listeners = await targets.recent();
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const record = await records.find("told", key);
      const { version = 0, content = "{}" } = record ?? {};
      const before: Told = { ...NOTHING_TOLD, ...JSON.parse(content) };
      const { told, turned } = await this.#deliver(key, { told: before, version, listeners });
      const after = JSON.stringify(told);
      if (after === content || (await records.save("told", { id: key, version, content: after }))) {
        await Promise.all(turned.map((item) => this.#ports.attention.told(item)));
        return;
      }
    }
    throw new PortError(`Cannot tell of "${key}": too many changes at once`, { transient: true });
  }

  async #deliver(
    key: string,
    from: {
      told: Told;
      version: number;
      listeners: readonly NotificationTarget[];
    },
  ): Promise<News> {
    const { deliveries, clock } = this.#ports;
    const { listeners } = from;
    const tenantId = key === NO_TENANT ? null : key;
    const since = new Date(Math.min(...listeners.map(({ createdAt }) => +createdAt)));
    const now = clock();
    const wanted = {
      ...(await this.#alerts(key)),
      tenantId,
      since,
      now,
      graceDays: this.#graceDays,
    };
    const news = await newsSince(from.told, this.#ports, wanted);
    for (const [index, one] of news.notifications.entries()) {
      const position = from.version * POSITIONS_PER_VERSION + index;
      for (const target of listeners.filter((listener) => wants(listener, one))) {
        await deliveries.add(deliveryOf(one, { target, position, now }));
      }
    }
    return news;
  }

  async #alerts(key: string): Promise<AlertSettings> {
    const record = await this.#ports.notificationRecords.find("alerts", key);
    return record === undefined ? DEFAULT_ALERTS : JSON.parse(record.content);
  }
}

function wants({ events, createdAt }: NotificationTarget, { notification }: SourcedNotification) {
  return events.includes(notification.type) && new Date(notification.at) >= createdAt;
}

function deliveryOf(
  { source, notification }: SourcedNotification,
  { target, position, now }: { target: NotificationTarget; position: number; now: Date },
) {
  return {
    id: `${target.id}/${notification.id}`,
    targetId: target.id,
    lane: `${target.id}/${source}/${notification.tenantId ?? NO_TENANT}`,
    position,
    type: notification.type,
    body: JSON.stringify(notification),
    createdAt: now,
  };
}
