/**
 * A local server that speaks Stripe's HTTP API, with hosted pages, signed webhooks and a clock.
 * @module
 */
export {
  type Sandbox,
  type SandboxOptions,
  startSandbox,
  type WebhookEndpointOptions,
} from "./sandbox.ts";
