import type { Stripe } from "stripe";
import { RequestError } from "../../engine/request_error.ts";
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
];
