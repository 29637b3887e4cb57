import { type AlertSettings, DEFAULT_ALERTS } from "../../domain/notifications/alert_settings.ts";
import type { NotificationRecords } from "../ports/notifications/notification_records.ts";
import { PortError } from "../ports/port_error.ts";

const MAX_ATTEMPTS = 20;

/** Shows the thresholds at which a tenant wants to be alerted. */
export class ReadAlerts {
  readonly #records: NotificationRecords;

  constructor(ports: { notificationRecords: NotificationRecords }) {
    this.#records = ports.notificationRecords;
  }

  /** @throws {PortError} */
  async execute({ tenantId }: { tenantId: string }): Promise<AlertSettings> {
    const record = await this.#records.find("alerts", tenantId);
    return record === undefined ? DEFAULT_ALERTS : JSON.parse(record.content);
  }
}

/** Sets the thresholds at which a tenant wants to be alerted. */
export class ChangeAlerts {
  readonly #records: NotificationRecords;

  constructor(ports: { notificationRecords: NotificationRecords }) {
    this.#records = ports.notificationRecords;
  }

  /**
   * Returns the settings afterwards, with the percentages in ascending order, each once.
   *
   * @throws {PortError}
   */
  async execute({ tenantId, ...wanted }: AlertSettings & { tenantId: string }) {
    const emailPercentages = [...new Set(wanted.emailPercentages)].toSorted((a, b) => a - b);
    const alerts: AlertSettings = { emailPercentages, tokensBelow: wanted.tokensBelow };
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const version = (await this.#records.find("alerts", tenantId))?.version ?? 0;
      const content = JSON.stringify(alerts);
      if (await this.#records.save("alerts", { id: tenantId, version, content })) {
        return alerts;
      }
    }
    throw new PortError(`Cannot save the alerts of "${tenantId}": too many changes at once`, {
      transient: true,
    });
  }
}
