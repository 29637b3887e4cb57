import type { Stripe } from "stripe";
import { cancelIntent, captureIntent, confirmIntent } from "../../engine/paying/payment_intents.ts";
import { createIntent } from "../../engine/payments.ts";
import { referenceMissing, resourceMissing } from "../../engine/request_error.ts";
import { emit, emitChange, type Transaction } from "../../engine/transaction.ts";
import { paymentMethodFor } from "../../engine/wallet/payment_methods.ts";
import type { WirePaymentIntent } from "../../state/wire.ts";
import { checkChargeable } from "../invoicing/money_params.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import {
  between,
  clearable,
  flag,
  given,
  hash,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  type Read,
  required,
  type ShapeOf,
  text,
  upTo,
  url,
} from "../params.ts";
import { type Route, route } from "../route.ts";
import { paymentShipping, shippingOf } from "../wallet/addresses.ts";

const PATH = "/v1/payment_intents";

const FIELDS = {
  customer: text,
  description: upTo(1000),
  metadata,
  payment_method: text,
  receipt_email: clearable(text),
  setup_future_usage: oneOf("off_session", "on_session"),
  shipping: paymentShipping,
  statement_descriptor: upTo(22),
  statement_descriptor_suffix: upTo(22),
};

const NEW_INTENT = {
  ...FIELDS,
  allowed_payment_method_types: list(text),
  amount: required(between(0, 99_999_999)),
  automatic_payment_methods: hash({
    allow_redirects: oneOf("always", "never"),
    enabled: required(flag),
  }),
  capture_method: oneOf("automatic", "automatic_async", "manual"),
  confirm: flag,
  currency: required(text),
  off_session: flag,
  return_url: url,
} satisfies ShapeOf<Stripe.PaymentIntentCreateParams>;

export const paymentIntentRoutes: Route[] = [
  route("POST", PATH, {
    params: NEW_INTENT,
    returns: "payment_intent",
    handle: ({ tx, params }) => create(tx, params),
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      ...FIELDS,
      amount: between(1, 99_999_999),
    } satisfies ShapeOf<Stripe.PaymentIntentUpdateParams>,
    returns: "payment_intent",
    handle: ({ tx, id, params: { metadata: pairs, shipping, ...fields } }) => {
      const intent = intentOf(tx, id);
      Object.assign(intent, given(fields));
      intent.shipping = shippingOf(shipping) ?? intent.shipping;
      intent.metadata = mergeMetadata(intent.metadata, pairs);
      return intent;
    },
  }),
  route("POST", `${PATH}/:id/confirm`, {
    params: {
      off_session: flag,
      payment_method: text,
      receipt_email: clearable(text),
      return_url: url,
      setup_future_usage: oneOf("off_session", "on_session"),
    } satisfies ShapeOf<Stripe.PaymentIntentConfirmParams>,
    returns: "payment_intent",
    handle: ({ tx, id, params }) => {
      const intent = intentOf(tx, id);
      confirm(tx, intent, { ...params, off_session: params.off_session ?? false });
      return intent;
    },
  }),
  route("POST", `${PATH}/:id/capture`, {
    params: {
      amount_to_capture: between(1, 99_999_999),
      metadata,
    } satisfies ShapeOf<Stripe.PaymentIntentCaptureParams>,
    returns: "payment_intent",
    handle: ({ tx, id, params }) => {
      const intent = intentOf(tx, id);
      captureIntent(tx, intent, params.amount_to_capture);
      return intent;
    },
  }),
  route("POST", `${PATH}/:id/cancel`, {
    params: {
      cancellation_reason: oneOf("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
    } satisfies ShapeOf<Stripe.PaymentIntentCancelParams>,
    returns: "payment_intent",
    handle: ({ tx, id, params }) => {
      const intent = intentOf(tx, id);
      cancelIntent(tx, intent, params.cancellation_reason ?? null);
      return intent;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      customer: text,
    } satisfies ShapeOf<Stripe.PaymentIntentListParams>,
    returns: "list:payment_intent",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.paymentIntents,
        (intent) =>
          matches(params.customer, intent.customer) && inRange(intent.created, params.created),
      );
      return page(PATH, found, params);
    },
  }),
];

function create(tx: Transaction, params: Read<typeof NEW_INTENT>): WirePaymentIntent {
  const { customer = null, confirm: confirms, amount } = params;
  const currency = params.currency.toLowerCase();
  if (customer !== null && !tx.state.customers.has(customer)) {
    throw referenceMissing("customer", customer, "customer");
  }
  checkChargeable(amount, currency);
  const intent = createIntent(tx, {
    amount,
    currency,
    customer,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
  });
  intent.setup_future_usage = params.setup_future_usage ?? null;
  intent.shipping = shippingOf(params.shipping);
  intent.capture_method = params.capture_method ?? "automatic_async";
  const automatic = params.automatic_payment_methods;
  intent.automatic_payment_methods = {
    allow_redirects: automatic?.allow_redirects ?? "always",
    enabled: automatic?.enabled ?? true,
  };
  if (params.payment_method !== undefined) {
    intent.payment_method = paymentMethodFor(tx, params.payment_method).id;
    intent.status = "requires_confirmation";
  }
  const { receipt_email, statement_descriptor, statement_descriptor_suffix } = params;
  Object.assign(
    intent,
    given({ receipt_email, statement_descriptor, statement_descriptor_suffix }),
  );
  emit(tx, "payment_intent.created", intent);
  if (confirms === true) {
    confirm(tx, intent, { off_session: params.off_session ?? false });
  }
  return intent;
}

function confirm(
  tx: Transaction,
  intent: WirePaymentIntent,
  params: {
    off_session: boolean;
    payment_method?: string | undefined;
    setup_future_usage?: "off_session" | "on_session" | undefined;
  },
): void {
  const named = params.payment_method;
  const method = named === undefined ? undefined : paymentMethodFor(tx, named).id;
  intent.setup_future_usage = params.setup_future_usage ?? intent.setup_future_usage;
  confirmIntent(tx, intent, {
    paymentMethod: method ?? intent.payment_method,
    presence: params.off_session ? "off_session" : "on_session",
  });
  keepMethod(tx, intent);
}

/** A payment method that is set up for later is attached to the customer once it was paid with. */
function keepMethod(tx: Transaction, intent: WirePaymentIntent): void {
  const method = tx.state.paymentMethods.get(intent.payment_method ?? "");
  const keeps = intent.setup_future_usage !== null && intent.customer !== null;
  if (keeps && method?.customer === null && intent.status === "succeeded") {
    emitChange(tx, "payment_method.attached", method, (attached) => {
      attached.customer = intent.customer;
    });
  }
}

function intentOf(tx: Transaction, id: string): WirePaymentIntent {
  const intent = tx.state.paymentIntents.get(id);
  if (intent === undefined) {
    throw resourceMissing("payment_intent", id, "intent");
  }
  return intent;
}
