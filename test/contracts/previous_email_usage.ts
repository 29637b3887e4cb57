import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { emailQuotaView } from "../../src/application/quota/email_quota_view.ts";
import { RefreshEmailQuota } from "../../src/application/quota/refresh_email_quota.ts";

interface Expected {
  readonly now: string;
  readonly tenants: readonly {
    readonly tenantId: string;
    readonly emails: { limit: number; used: number; resetsAt: string | null };
  }[];
}

/** Where version 0.1.0 left its databases. */
export const PREVIOUS = new URL("../fixtures/previous_version/", import.meta.url);

/** Declares that what version 0.1.0 has counted stays counted. */
export function describePreviousUsage(current: () => BillingStore): void {
  const expected = async (): Promise<Expected> =>
    JSON.parse(await readFile(new URL("expected.json", PREVIOUS), "utf8"));

  it("version 0.1.0's e-mails are read as they were counted, in months without a name", async () => {
    for (const { tenantId, emails } of (await expected()).tenants) {
      const { limit, used } = emails;
      const found = await current().emailUsage.find(tenantId);
      expect(found, tenantId).to.include({ limit, used, month: "" });
    }
    const yearly = await current().emailUsage.findMonths("cl_yearly");
    expect(yearly?.usage.months.at(-1)).to.include({ own: 1_000, allowance: 250_000 });
    expect(yearly?.usage.months.map(({ own }) => own)).to.include.members([0, 1_000]);
  });

  it("a look names version 0.1.0's months, and the numbers stay what they were", async () => {
    const { now, tenants } = await expected();
    const clock = () => new Date(now);
    const { accounts, catalog, emailUsage: usage, emailLeases: leases } = current();
    const ports = { accounts, catalog, usage, leases, clock, isClockTrusted: () => true };
    const refresh = new RefreshEmailQuota(ports, { graceDays: 14, quotaMaxAgeSeconds: 600 });
    for (const { tenantId, emails } of tenants) {
      const refreshed = await refresh.execute({ tenantId });
      const { limit, used, resetsAt } = emailQuotaView(refreshed.usage, clock());
      const seen = { limit, used, resetsAt: resetsAt?.toISOString() ?? null };
      const { limit: hadLimit, used: hadUsed, resetsAt: hadReset } = emails;
      expect(seen, tenantId).to.deep.equal({ limit: hadLimit, used: hadUsed, resetsAt: hadReset });
      expect(refreshed.usage.month, tenantId).to.match(/^(sub_\w+|free):2026-/);
    }
  });

  it("a send that version 0.1.0 has counted can be given back, once", async () => {
    const { emailUsage } = current();
    const at = new Date((await expected()).now);
    const used = (await emailUsage.find("cl_yearly"))?.used ?? Number.NaN;
    expect(await emailUsage.release("cl_yearly", "batch-2", at)).to.equal("released");
    expect(await emailUsage.release("cl_yearly", "batch-2", at)).to.equal("already_released");
    expect((await emailUsage.find("cl_yearly"))?.used).to.equal(used - 1_000);
  });
}
