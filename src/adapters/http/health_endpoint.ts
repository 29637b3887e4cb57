import type { Billing } from "../../application/billing.ts";
import type { Endpoint } from "./endpoint.ts";

type PublicEndpoint = Endpoint & { readonly access: "public" };

/** `GET /healthz`: the process runs. */
export function livenessEndpoint(): PublicEndpoint {
  return {
    method: "get",
    path: "/healthz",
    access: "public",
    async handle() {
      return { status: 200, body: { status: "ok" } };
    },
  };
}

/**
 * `GET /readyz`: the parts that requests need; 503 while one of them is missing, and from when the
 * process is told to stop, so that no more requests are sent to it.
 */
export function readinessEndpoint(
  { checkReadiness }: Billing,
  isStopping: () => boolean,
): PublicEndpoint {
  return {
    method: "get",
    path: "/readyz",
    access: "public",
    async handle() {
      if (isStopping()) {
        return { status: 503, body: { status: "stopping" } };
      }
      const { ready, ...parts } = await checkReadiness.execute();
      const status = ready ? "ok" : "unavailable";
      return { status: ready ? 200 : 503, body: { status, ...parts } };
    },
  };
}
