import { Type } from "typebox";
import type { Billing } from "../../application/billing.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { closed, oneOf } from "./schema.ts";

const READINESS = closed({
  status: oneOf(["ok", "unavailable", "stopping"]),
  database: Type.Optional(oneOf(["ok", "failing"])),
  indexes: Type.Optional(oneOf(["ok", "missing", "unknown"])),
  catalog: Type.Optional(oneOf(["ok", "not_synchronized", "unknown"])),
  clock: Type.Optional(oneOf(["ok", "unknown", "wrong"])),
});

/** The routes for whoever watches over the process. */
export function healthEndpoints(
  billing: Billing,
  isStopping: () => boolean,
): readonly Endpoint<"public">[] {
  return [livenessEndpoint(), readinessEndpoint(billing, isStopping)];
}

/** `GET /healthz`: the process runs. */
function livenessEndpoint(): Endpoint<"public"> {
  return endpoint({
    method: "get",
    path: "/healthz",
    access: "public",
    summary: "Whether the process runs",
    answer: closed({ status: Type.Literal("ok") }),
    async handle() {
      return { status: 200, body: { status: "ok" as const } };
    },
  });
}

/**
 * `GET /readyz`: the parts that requests need; 503 while one of them is missing, and from when the
 * process is told to stop, so that no more requests are sent to it.
 */
function readinessEndpoint(
  { checkReadiness }: Billing,
  isStopping: () => boolean,
): Endpoint<"public"> {
  return endpoint({
    method: "get",
    path: "/readyz",
    access: "public",
    summary: "Whether requests can be served",
    answer: READINESS,
    statuses: [200, 503],
    async handle() {
      if (isStopping()) {
        return { status: 503, body: { status: "stopping" as const } };
      }
      const { ready, ...parts } = await checkReadiness.execute();
      const status = ready ? ("ok" as const) : ("unavailable" as const);
      return { status: ready ? 200 : 503, body: { status, ...parts } };
    },
  });
}
