import { isBefore } from "../../domain/instants.ts";
import type { Clock } from "../ports/clock.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import { type EmailQuotaView, emailQuotaView } from "./email_quota_view.ts";
import type { QuotaSource } from "./refresh_email_quota.ts";

/** Reads how much of its quota a tenant has used. */
export class ReadUsage {
  readonly #usage: EmailUsageStore;
  readonly #currentEmailQuota: QuotaSource;
  readonly #clock: Clock;

  constructor(dependencies: {
    usage: EmailUsageStore;
    currentEmailQuota: QuotaSource;
    clock: Clock;
  }) {
    this.#usage = dependencies.usage;
    this.#currentEmailQuota = dependencies.currentEmailQuota;
    this.#clock = dependencies.clock;
  }

  /**
   * Returns the use in the current period. One call to the store while the last decision is valid.
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<{ emails: EmailQuotaView }> {
    const now = this.#clock();
    const stored = await this.#usage.find(tenantId);
    const usage =
      stored !== undefined && isBefore(now, stored.validUntil)
        ? stored
        : (await this.#currentEmailQuota.execute({ tenantId })).usage;
    return { emails: emailQuotaView(usage, now) };
  }
}
