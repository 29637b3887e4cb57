import { flag, list, required, text } from "../api/params.ts";
import { type Route, route } from "../api/route.ts";
import { invalidRequest, resourceMissing } from "../engine/request_error.ts";
import { newId, newWebhookSecret } from "../state/ids.ts";
import { API_VERSION } from "../state/wire.ts";
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

/**
 * What Stripe's command line asks for beside the documented API, in the shapes that its source
 * shows (github.com/stripe/stripe-cli: pkg/stripeauth, pkg/cmd/resource/events.go).
 */
export const stripeCliRoutes: readonly Route[] = [
  route("POST", "/v1/stripecli/sessions", {
    params: SESSION_PARAMS,
    returns: "stripecli.session",
    check: ({ websocket_features: features }) => {
      if (!features.includes("webhooks")) {
        throw invalidRequest(
          "The sandbox sends webhooks only, no request logs.",
          "websocket_features",
        );
      }
    },
    handle: ({ tx }) => {
      const [known] = tx.state.cliSessions.values();
      const [id, secret] = [newId("cliws"), known?.secret ?? newWebhookSecret()];
      tx.state.cliSessions.set(id, { secret });
      return {
        object: "stripecli.session",
        default_version: API_VERSION,
        latest_version: API_VERSION,
        display_connect_filter_warning: false,
        reconnect_delay: 60,
        secret,
        websocket_authorized_feature: "webhooks",
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
