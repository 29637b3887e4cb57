import type {
  TopUpOutcome,
  TopUpRequest,
} from "../../../../src/application/ports/tokens/token_pack_payments.ts";
import { BillingFixture } from "../../../rig/billing_fixture.ts";
import { useFresh } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";

export const tenantId = TENANT;
export const SETTINGS = { enabled: true, belowTokens: 500, packSlug: "starter", maxPerMonth: 1 };

/** Billing with a tenant that has tokens and a customer, at a provider whose answers a test sets. */
export interface TopUpRig {
  readonly fixture: BillingFixture;
  readonly requests: TopUpRequest[];
  /** What the provider answers. */
  outcome: TopUpOutcome;
  spend(tokens: number): Promise<void>;
  close(): Promise<void>;
}

/** A rig that is made anew before each test. */
export function useTopUps(): TopUpRig {
  return useFresh(topUpRig);
}

async function topUpRig(): Promise<TopUpRig> {
  const fixture = await BillingFixture.open();
  await fixture.addCustomer();
  const { billing, packs } = fixture;
  const requests: TopUpRequest[] = [];
  const rig: TopUpRig = {
    fixture,
    requests,
    outcome: { type: "pending" },
    spend: async (tokens) => {
      const key = `spend-${requests.length}-${tokens}`;
      await billing.spendTokens.execute({ tenantId, key, tokens });
    },
    close: () => fixture.close(),
  };
  packs.topUp = async (request) => {
    requests.push(request);
    return rig.outcome;
  };
  await billing.adjustTokens.execute({ tenantId, tokens: 400, reason: "test", operator: "Ada" });
  return rig;
}
