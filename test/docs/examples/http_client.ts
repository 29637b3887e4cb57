import { createBillingClient, QuotaExceededError } from "@mailingcore/billing/client";

const { BILLING_URL = "https://billing.example.com", BILLING_TOKEN = "" } = process.env;

const client = createBillingClient({ baseUrl: BILLING_URL, token: () => BILLING_TOKEN });

export async function planOf(tenantId: string): Promise<string | null> {
  return (await client.call("GET /billing/subscription", { tenantId })).planSlug;
}

/** Counts a mailing; answers how many seconds to wait where the quota is used up. */
export async function count(tenantId: string, emails: number, key: string): Promise<number> {
  try {
    await client.call("POST /billing/usage/emails", { tenantId, body: { count: emails, key } });
    return 0;
  } catch (error) {
    if (error instanceof QuotaExceededError) {
      return error.retryAfterSeconds ?? 60;
    }
    throw error;
  }
}
