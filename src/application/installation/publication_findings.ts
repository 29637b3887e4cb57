import type { CatalogChange } from "../catalog/catalog_plan.ts";
import { describeChange } from "./describe_change.ts";
import { type Finding, ok, problem, shortened, warning } from "./finding.ts";
import type { WebhookEndpointPlan } from "./webhook_endpoint_plan.ts";

const SYNC = "npm run cli -- plans sync";

/** Whether events reach us. `plan` is `null` if the service's public address is not set. */
export function judgeEndpoint(
  endpoint: { readonly url: string; readonly plan: WebhookEndpointPlan } | null,
  { apiVersion, sandbox }: { apiVersion: string; sandbox: boolean },
): Finding {
  const check = "webhook_endpoint";
  if (endpoint === null) {
    return sandbox
      ? ok(check, "The service registers itself with the sandbox when it starts")
      : warning(
          check,
          "PUBLIC_URL is not set, so that the webhook endpoint cannot be looked at",
          "Set PUBLIC_URL to the service's public https address",
        );
  }
  const { url, plan } = endpoint;
  const { change, leftovers } = plan;
  const others = leftovers
    .map(({ endpointId, apiVersion }) => `"${endpointId}" (version ${apiVersion ?? "not set"})`)
    .join(", ");
  switch (change?.type) {
    case "create_endpoint":
      return problem(
        check,
        `No webhook endpoint has the address ${url} and version ${apiVersion}` +
          (others === "" ? "" : `; ${others} cannot be changed`),
        `Run \`${SYNC} --webhook-secret-file <new file>\`, add the secret to ` +
          "STRIPE_WEBHOOK_SECRETS and restart" +
          (others === "" ? "" : "; then disable the old one at Stripe"),
      );
    case "update_endpoint":
      return problem(check, describeChange(change).map(trim).join(", "), `Run \`${SYNC}\``);
    case undefined:
      return others === ""
        ? ok(check, `${url} gets the events that are handled, in ${apiVersion}`)
        : warning(
            check,
            `${others} has the same address, so that events come twice`,
            "Disable it at Stripe, and take its secret out of STRIPE_WEBHOOK_SECRETS",
          );
    default:
      return change satisfies undefined;
  }
}

/** Whether Stripe and its Portal offer exactly what the plans file says. */
export function judgeCatalog(changes: readonly CatalogChange[]): readonly Finding[] {
  const portal = changes.filter(concernsPortal);
  const offers = changes.filter((change) => !concernsPortal(change));
  return [
    unpublished("catalog", offers) ?? ok("catalog", "Stripe offers what the plans file says"),
    unpublished("portal", portal) ?? ok("portal", "The Customer Portal is as it should be"),
  ];
}

function concernsPortal(change: CatalogChange): boolean {
  return (
    change.type === "put_portal" ||
    (change.type === "update_stored" && change.what === "the Customer Portal")
  );
}

function unpublished(check: string, changes: readonly CatalogChange[]): Finding | undefined {
  const lines = changes.map((change) => describeChange(change)[0] ?? change.type);
  return lines.length === 0
    ? undefined
    : problem(
        check,
        `Not published: ${shortened(lines)}`,
        `Run \`${SYNC} --dry-run\`, then without`,
      );
}

function trim(text: string): string {
  return text.trim();
}
