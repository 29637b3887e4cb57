import type { Stripe } from "stripe";
import { RequestError } from "../../engine/request_error.ts";
import { objectsOf } from "../../state/find_object.ts";
import type { State } from "../../state/state.ts";
import type { Wire } from "../../state/wire.ts";
import { type Route, route } from "../route.ts";

/** The id of the sandbox's one account. */
const ACCOUNT_ID = "acct_sandbox";

const ACCOUNT: Wire<Stripe.Account> = {
  id: ACCOUNT_ID,
  object: "account",
  business_profile: {
    annual_revenue: null,
    estimated_worker_count: null,
    mcc: null,
    minority_owned_business_designation: null,
    name: "Sandbox",
    product_description: null,
    specified_commercial_transactions_act_url: null,
    support_address: null,
    support_email: null,
    support_phone: null,
    support_url: null,
    url: null,
  },
  business_type: null,
  capabilities: { card_payments: "active", sepa_debit_payments: "active", transfers: "active" },
  charges_enabled: true,
  controller: { type: "account" },
  country: "US",
  created: 1_767_225_600,
  default_currency: "usd",
  details_submitted: true,
  email: "sandbox@example.com",
  metadata: {},
  payouts_enabled: true,
  settings: {
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_payments: {
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: "Sandbox", timezone: "Etc/UTC" },
    payments: {
      statement_descriptor: "SANDBOX",
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
  },
  type: "standard",
};

export const accountRoutes: Route[] = [
  route("GET", "/v1/account", {
    params: {},
    returns: "account",
    handle: () => ACCOUNT,
  }),
  route("GET", "/v1/accounts/:id", {
    params: {},
    returns: "account",
    handle: ({ id }) => {
      if (id !== ACCOUNT_ID) {
        throw new RequestError(
          `The provided key does not have access to account '${id}' (or that account does not ` +
            "exist). Application access may have been revoked.",
          { status: 403, type: "invalid_request_error", code: "account_invalid" },
        );
      }
      return ACCOUNT;
    },
  }),
  route("GET", "/v1/balance", {
    params: {},
    returns: "balance",
    handle: ({ tx }) => balanceOf(tx.state, tx.now),
  }),
];

/** What the books say: money is available once its balance transaction says so. */
function balanceOf(state: State, now: number): Wire<Stripe.Balance> {
  const [available, pending] = [new Map<string, number>(), new Map<string, number>()];
  for (const entry of objectsOf(
    state,
    "balance_transaction",
  ) as Wire<Stripe.BalanceTransaction>[]) {
    const side = entry.available_on <= now ? available : pending;
    side.set(entry.currency, (side.get(entry.currency) ?? 0) + entry.net);
  }
  return {
    object: "balance",
    available: amountsOf(available),
    livemode: false,
    pending: amountsOf(pending),
  };
}

function amountsOf(sums: ReadonlyMap<string, number>): Wire<Stripe.Balance>["available"] {
  const rows = sums.size === 0 ? [["usd", 0] as const] : [...sums];
  return rows.map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }));
}
