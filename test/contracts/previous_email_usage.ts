import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Stripe } from "stripe";
import { PriceRegister } from "../../src/adapters/stripe/subscription/price_register.ts";
import { StripeCustomerSnapshots } from "../../src/adapters/stripe/subscription/stripe_customer_snapshots.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { emailQuotaView } from "../../src/application/quota/email_quota_view.ts";
import { decideEmailMonths } from "../../src/domain/quota/email_months.ts";
import { accountEntitlement, monthLook } from "../../src/domain/quota/month_look.ts";
import { standingOf } from "../../src/domain/subscription/standing.ts";

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
    const { now: at, tenants } = await expected();
    const now = new Date(at);
    const { emailUsage } = current();
    for (const { tenantId, emails } of tenants) {
      const { look, changesAt } = await lookAt(current(), tenantId, now);
      const usage = await emailUsage.refresh(tenantId, (before) =>
        decideEmailMonths(before, {
          look,
          basis: {
            accountRevision: before?.basis.accountRevision ?? 0,
            catalogRevision: before?.basis.catalogRevision ?? 0,
            decidedAt: now,
            validUntil: changesAt ?? now,
          },
        }),
      );
      const { limit, used, resetsAt } = emailQuotaView(usage, now);
      const seen = { limit, used, resetsAt: resetsAt?.toISOString() ?? null };
      const { limit: hadLimit, used: hadUsed, resetsAt: hadReset } = emails;
      expect(seen, tenantId).to.deep.equal({ limit: hadLimit, used: hadUsed, resetsAt: hadReset });
      expect(usage.month, tenantId).to.match(/^(sub_\w+|free):2026-/);
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

/** What a look at Stripe finds for a tenant's e-mails. */
async function lookAt(store: BillingStore, tenantId: string, now: Date) {
  const account = await store.accounts.find(tenantId);
  const catalog = (await store.catalog.read()) ?? expect.fail("there is no catalogue");
  const { stripe, customerOf } = await recordedStripe();
  // The two databases were written in two runs: Stripe's ids are those of one of them.
  const customerId =
    account === undefined || account.customerId === null ? null : customerOf(tenantId);
  const snapshots = new StripeCustomerSnapshots(stripe, new PriceRegister());
  const standing =
    customerId === null
      ? null
      : standingOf(await snapshots.read(customerId), {
          catalog,
          tenantId,
          inForce: new Set(account?.inForce),
          endedDuplicates: new Set(),
        });
  const entitled = accountEntitlement({ standing, ending: null }, catalog, { now, graceDays: 14 });
  const look = monthLook({ knownSince: now }, entitled, "emails");
  return { look, changesAt: entitled.changesAt };
}

interface Recorded extends Record<string, unknown> {
  readonly id: string;
  readonly customer?: string;
  readonly metadata?: { readonly tenantId?: string };
}

/** Answers from the objects that were at Stripe. */
export async function recordedStripe() {
  const text = await readFile(new URL("stripe.json", PREVIOUS), "utf8");
  const objects: Record<string, [string, Recorded][]> = JSON.parse(text);
  const all = (kind: string) => (objects[kind] ?? []).map(([, object]) => object);
  const one = (kind: string, id: unknown) =>
    all(kind).find((object) => object.id === id) ?? expect.fail(`no ${kind} ${id}`);
  const listed = (data: readonly object[]) =>
    Promise.resolve({ object: "list", has_more: false, data });
  const newest = (kind: string, customer: string) =>
    all(kind)
      .filter((object) => object.customer === customer)
      .toSorted((a, b) => Number(b.created) - Number(a.created));
  const pages: Record<string, (customer: string) => readonly object[]> = {
    "/v1/subscriptions": (customer) =>
      newest("subscriptions", customer).map((subscription) => ({
        ...subscription,
        customer: one("customers", customer),
        default_payment_method: null,
      })),
    "/v1/invoices": (customer) => newest("invoices", customer),
  };
  const stripe = {
    rawRequest: (_method: string, path: string) => {
      const { pathname, searchParams } = new URL(path, "https://api.stripe.com");
      const page = pages[pathname] ?? expect.fail(`no list at ${pathname}`);
      return listed(page(searchParams.get("customer") ?? expect.fail(`no customer in ${path}`)));
    },
    invoiceItems: { list: () => listed([]) },
    invoicePayments: { list: () => listed([]) },
    customers: { retrieve: (id: string) => Promise.resolve(one("customers", id)) },
    prices: { retrieve: (id: string) => Promise.resolve(one("prices", id)) },
  };
  const customerOf = (tenantId: string) => {
    const found = all("customers").find(({ metadata }) => metadata?.tenantId === tenantId);
    return found?.id ?? expect.fail(`no customer of ${tenantId}`);
  };
  return { stripe: stripe as unknown as Stripe, customerOf };
}
