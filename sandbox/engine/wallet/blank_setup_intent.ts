import type { WireSetupIntent } from "../../state/wire.ts";

/** What every new setup intent of the sandbox has in common. */
export function blankSetupIntent() {
  return {
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ["card", "sepa_debit"],
    single_use_mandate: null,
    usage: "off_session",
  } satisfies Partial<WireSetupIntent>;
}
