import type { Clock } from "../ports/clock.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import { type EmailQuotaView, emailQuotaView } from "./email_quota_view.ts";
import type { RefreshEmailQuota } from "./refresh_email_quota.ts";

/** Reads how much of its quota a tenant has used. */
export class ReadUsage {
  readonly #usage: EmailUsageStore;
  readonly #refreshEmailQuota: RefreshEmailQuota;
  readonly #clock: Clock;

  constructor(dependencies: {
    usage: EmailUsageStore;
    refreshEmailQuota: RefreshEmailQuota;
    clock: Clock;
  }) {
    this.#usage = dependencies.usage;
    this.#refreshEmailQuota = dependencies.refreshEmailQuota;
    this.#clock = dependencies.clock;
  }

  /**
   * What is used in the period in force. One call to the store while the last decision holds.
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<{ emails: EmailQuotaView }> {
    const now = this.#clock();
    const stored = await this.#usage.find(tenantId);
    const usage =
      stored !== undefined && now < stored.validUntil
        ? stored
        : (await this.#refreshEmailQuota.execute({ tenantId })).usage;
    return { emails: emailQuotaView(usage, now) };
  }
}
