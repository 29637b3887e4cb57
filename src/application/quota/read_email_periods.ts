import { type EmailPeriod, emailPeriods } from "../../domain/quota/email_periods.ts";
import type { EmailUsageStore } from "../ports/quota/email_usage_store.ts";
import type { QuotaSource } from "./refresh_email_quota.ts";

/** Reads how many e-mails a tenant sent in each month. */
export class ReadEmailPeriods {
  readonly #usage: EmailUsageStore;
  readonly #currentEmailQuota: QuotaSource;

  constructor(dependencies: { usage: EmailUsageStore; currentEmailQuota: QuotaSource }) {
    this.#usage = dependencies.usage;
    this.#currentEmailQuota = dependencies.currentEmailQuota;
  }

  /**
   * The months of the last two years, the oldest first and the one in force last. Begins the
   * current month if nothing has yet.
   *
   * @throws {PortError}
   */
  async execute({ tenantId }: { tenantId: string }): Promise<readonly EmailPeriod[]> {
    await this.#currentEmailQuota.execute({ tenantId });
    const months = await this.#usage.findMonths(tenantId);
    return months === undefined ? [] : emailPeriods(months);
  }
}
