import type {
  QuotaSource,
  RefreshEmailQuota,
  RefreshedQuota,
} from "../quota/refresh_email_quota.ts";
import type { LookWhenDue } from "./look_when_due.ts";

/**
 * Decides a tenant's current e-mail quota for a send or a read, after a look at the payment
 * provider if one is due (P37).
 */
export class CurrentEmailQuota implements QuotaSource {
  readonly #refreshEmailQuota: RefreshEmailQuota;
  readonly #lookWhenDue: LookWhenDue;

  constructor(dependencies: { refreshEmailQuota: RefreshEmailQuota; lookWhenDue: LookWhenDue }) {
    this.#refreshEmailQuota = dependencies.refreshEmailQuota;
    this.#lookWhenDue = dependencies.lookWhenDue;
  }

  /** {@inheritDoc} */
  async execute({ tenantId }: { tenantId: string }): Promise<RefreshedQuota> {
    const current = await this.#refreshEmailQuota.unlessLookDue({ tenantId });
    if (current !== undefined) {
      return current;
    }
    await this.#lookWhenDue.execute({ tenantId });
    return await this.#refreshEmailQuota.execute({ tenantId });
  }
}
