import { flag, integer, list, required, text } from "../api/params.ts";
import { type Route, route } from "../api/route.ts";
import { completeSession } from "../engine/checkout/checkout.ts";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import type { Transaction } from "../engine/transaction.ts";
import { checkAttachable, paymentMethodFor } from "../engine/wallet/payment_methods.ts";
import { newId, newWebhookSecret } from "../state/ids.ts";
import { API_VERSION, type WireCheckoutSession } from "../state/wire.ts";
import { parseFilters } from "./request_logs.ts";
import { SOCKET_PATH } from "./sockets.ts";

const SESSION_PARAMS = {
  device_name: required(text),
  websocket_features: required(list(text, 10)),
  filters: text,
  forward_to_url: text,
  forward_connect_to_url: text,
  forward_thin_to_url: text,
  forward_thin_connect_to_url: text,
};

/** The page of a session as Checkout's own script asks for it, which `stripe trigger` does, too. */
const paymentPageRoutes: readonly Route[] = [
  route("GET", "/v1/payment_pages/:id", {
    params: {},
    returns: "checkout.session",
    handle: ({ tx, id }) => sessionOf(tx, id),
  }),
  route("POST", "/v1/payment_pages/:id/confirm", {
    params: { expected_amount: integer, payment_method: required(text) },
    returns: "checkout.session",
    handle: ({ tx, id, params }) => {
      const session = sessionOf(tx, id);
      const expected = params.expected_amount ?? session.amount_total;
      if (expected !== session.amount_total) {
        throw invalidRequest("The amount of the page has changed.", "expected_amount");
      }
      const method = paymentMethodFor(tx, String(params.payment_method));
      checkAttachable(tx, method);
      completeSession(tx, session, method);
      return session;
    },
  }),
];

/**
 * What Stripe's command line asks for beside the documented API, in the shapes that its source
 * shows (github.com/stripe/stripe-cli: pkg/stripeauth, pkg/cmd/resource/events.go).
 */
export const stripeCliRoutes: readonly Route[] = [
  ...paymentPageRoutes,
  route("POST", "/v1/stripecli/sessions", {
    params: SESSION_PARAMS,
    returns: "stripecli.session",
    handle: ({ tx, params }) => {
      const [known] = tx.state.cliSessions.values();
      const [id, secret] = [newId("cliws"), known?.secret ?? newWebhookSecret()];
      const feature = featureOf(params.websocket_features);
      const logs = feature === "request_logs" ? parseFilters(params.filters) : null;
      tx.state.cliSessions.set(id, { secret, logs });
      return {
        object: "stripecli.session",
        default_version: API_VERSION,
        latest_version: API_VERSION,
        display_connect_filter_warning: false,
        reconnect_delay: 60,
        secret,
        websocket_authorized_feature: feature,
        websocket_id: id,
        websocket_url: `${tx.baseUrl.replace("http", "ws")}${SOCKET_PATH}`,
      };
    },
  }),
  route("POST", "/v1/events/:id/retry", {
    params: { for_stripecli: flag, webhook_endpoint: text, account: text },
    returns: "event",
    handle: ({ tx, params, id }) => {
      const event = tx.state.events.get(id);
      if (event === undefined) {
        throw resourceMissing("event", id);
      }
      const endpoint = params.webhook_endpoint;
      if (endpoint !== undefined && !tx.state.endpoints.has(endpoint)) {
        throw resourceMissing("webhook endpoint", endpoint, "webhook_endpoint");
      }
      tx.resends.push({ event, endpoint: endpoint ?? null });
      return event;
    },
  }),
];

/** What a connection is for: `stripe listen`, or `stripe logs tail`. */
function featureOf(features: readonly string[]): "request_logs" | "webhooks" {
  if (features.includes("webhooks")) {
    return "webhooks";
  }
  if (features.includes("request_logs")) {
    return "request_logs";
  }
  throw invalidRequest(
    "The sandbox sends webhooks and request logs, and nothing else.",
    "websocket_features",
  );
}

function sessionOf(tx: Transaction, id: string): WireCheckoutSession {
  const session = tx.state.checkoutSessions.get(id);
  if (session === undefined) {
    throw resourceMissing("payment_page", id);
  }
  return session;
}
