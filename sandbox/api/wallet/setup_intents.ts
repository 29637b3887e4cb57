import type { Stripe } from "stripe";
import { invalidRequest, resourceMissing } from "../../engine/request_error.ts";
import type { Transaction } from "../../engine/transaction.ts";
import { paymentMethodFor } from "../../engine/wallet/payment_methods.ts";
import {
  cancelSetupIntent,
  confirmSetupIntent,
  createSetupIntent,
} from "../../engine/wallet/setup_intents.ts";
import type { WireSetupIntent } from "../../state/wire.ts";
import { customerOf } from "../customers.ts";
import { created, inRange, matches, newestFirst, PAGE, page } from "../listing.ts";
import {
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
import { createMethod, NEW_METHOD } from "./payment_methods.ts";

const PATH = "/v1/setup_intents";

const AUTOMATIC = hash({ allow_redirects: oneOf("always", "never"), enabled: required(flag) });

const CONFIRM = {
  payment_method: text,
  payment_method_data: hash(NEW_METHOD),
  return_url: url,
  use_stripe_sdk: flag,
};

const SHARED = {
  customer: text,
  description: upTo(1000),
  metadata,
  payment_method: text,
  payment_method_data: hash(NEW_METHOD),
};

type Method = Pick<Read<typeof CONFIRM>, "payment_method" | "payment_method_data">;

export const setupIntentRoutes: Route[] = [
  route("POST", PATH, {
    params: {
      ...SHARED,
      allowed_payment_method_types: list(text),
      automatic_payment_methods: AUTOMATIC,
      confirm: flag,
      return_url: url,
      usage: oneOf("off_session", "on_session"),
      use_stripe_sdk: flag,
    } satisfies ShapeOf<Stripe.SetupIntentCreateParams>,
    returns: "setup_intent",
    check: ({ confirm, return_url: back }) => {
      if (back !== undefined && confirm !== true) {
        throw invalidRequest(
          "`return_url` can only be passed when `confirm` is true.",
          "return_url",
          "parameter_invalid",
        );
      }
    },
    handle: ({ tx, params }) => {
      if (params.customer !== undefined) {
        customerOf(tx, params.customer, "customer");
      }
      const intent = createSetupIntent(tx, {
        ...given({
          customer: params.customer,
          description: params.description,
          payment_method: methodOf(tx, params, params.customer ?? null),
          usage: params.usage,
        }),
        metadata: mergeMetadata({}, params.metadata),
      });
      if (params.automatic_payment_methods !== undefined) {
        const { allow_redirects = "always", enabled } = params.automatic_payment_methods;
        intent.automatic_payment_methods = { allow_redirects, enabled };
      }
      if (params.confirm === true) {
        confirmSetupIntent(tx, intent, params.return_url ?? null);
      }
      return intent;
    },
  }),
  route("GET", `${PATH}/:id`, {
    params: { client_secret: text } satisfies ShapeOf<Stripe.SetupIntentRetrieveParams>,
    returns: "setup_intent",
    handle: ({ tx, id }) => intentOf(tx, id),
  }),
  route("POST", `${PATH}/:id`, {
    params: {
      ...SHARED,
      description: clearable(upTo(1000)),
    } satisfies ShapeOf<Stripe.SetupIntentUpdateParams>,
    returns: "setup_intent",
    handle: ({ tx, id, params }) => {
      const intent = intentOf(tx, id);
      const { customer, description, metadata: change } = params;
      if (customer !== undefined) {
        customerOf(tx, customer, "customer");
      }
      const method = methodOf(tx, params, customer ?? intent.customer);
      Object.assign(intent, given({ customer, description, payment_method: method }));
      intent.metadata = mergeMetadata(intent.metadata ?? {}, change);
      if (method !== undefined && intent.status === "requires_payment_method") {
        intent.status = "requires_confirmation";
      }
      return intent;
    },
  }),
  route("POST", `${PATH}/:id/confirm`, {
    params: CONFIRM satisfies ShapeOf<Stripe.SetupIntentConfirmParams>,
    returns: "setup_intent",
    handle: ({ tx, id, params }) => {
      const intent = intentOf(tx, id);
      const method = methodOf(tx, params, intent.customer);
      Object.assign(intent, given({ payment_method: method }));
      confirmSetupIntent(tx, intent, params.return_url ?? null);
      return intent;
    },
  }),
  route("POST", `${PATH}/:id/cancel`, {
    params: {
      cancellation_reason: oneOf("abandoned", "duplicate", "requested_by_customer"),
    } satisfies ShapeOf<Stripe.SetupIntentCancelParams>,
    returns: "setup_intent",
    handle: ({ tx, id, params }) => {
      const intent = intentOf(tx, id);
      cancelSetupIntent(tx, intent, params.cancellation_reason ?? null);
      return intent;
    },
  }),
  route("GET", PATH, {
    params: {
      ...PAGE,
      created,
      customer: text,
      payment_method: text,
    } satisfies ShapeOf<Stripe.SetupIntentListParams>,
    returns: "list:setup_intent",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.setupIntents,
        (intent) =>
          matches(params.customer, intent.customer) &&
          matches(params.payment_method, intent.payment_method) &&
          inRange(intent.created, params.created),
      );
      return page(PATH, found, params);
    },
  }),
  route("GET", "/v1/setup_attempts", {
    params: {
      ...PAGE,
      created,
      setup_intent: required(text),
    } satisfies ShapeOf<Stripe.SetupAttemptListParams>,
    returns: "list:setup_attempt",
    handle: ({ tx, params }) => {
      const found = newestFirst(
        tx.state.setupAttempts,
        (attempt) =>
          attempt.setup_intent === params.setup_intent && inRange(attempt.created, params.created),
      );
      return page("/v1/setup_attempts", found, params);
    },
  }),
  route("GET", "/v1/mandates/:id", {
    params: {},
    returns: "mandate",
    handle: ({ tx, id }) => {
      const mandate = tx.state.mandates.get(id);
      if (mandate === undefined) {
        throw resourceMissing("mandate", id);
      }
      return mandate;
    },
  }),
];

function intentOf(tx: Transaction, id: string): WireSetupIntent {
  const intent = tx.state.setupIntents.get(id);
  if (intent === undefined) {
    throw resourceMissing("setupintent", id, "intent");
  }
  return intent;
}

/** The payment method that a request names or describes; undefined where it does neither. */
function methodOf(
  tx: Transaction,
  { payment_method: named, payment_method_data: described }: Method,
  customer: string | null,
): string | undefined {
  if (described !== undefined) {
    return createMethod(tx, described).id;
  }
  if (named === undefined) {
    return undefined;
  }
  const method = paymentMethodFor(tx, named);
  if (method.customer !== null && method.customer !== customer) {
    throw invalidRequest(
      `The provided PaymentMethod ${method.id} belongs to another Customer: supply that Customer ` +
        "with `customer`.",
      "payment_method",
    );
  }
  return method.id;
}
