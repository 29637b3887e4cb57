import type { MissingPermission, ProviderFacts } from "../ports/provider_inspection.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** Whether the provider accepts the key. */
export function judgeKey({ keyAccepted }: ProviderFacts): Finding {
  return keyAccepted
    ? ok("key", "Stripe accepts the secret key")
    : problem(
        "key",
        "Stripe does not accept the secret key",
        "Set STRIPE_SECRET_KEY to a key of Developers > API keys that was not rolled or deleted",
      );
}

/** How a deployment and its key are meant to be used. */
export interface DeploymentMode {
  readonly production: boolean;
  /** Whether the sandbox takes Stripe's place. */
  readonly sandbox: boolean;
  /** Whether the secret key says that it moves live money. */
  readonly livemode: boolean;
}

/** Whether live and test fit together. */
export function judgeMode(
  { production, sandbox, livemode }: DeploymentMode,
  shown: ProviderFacts["livemode"],
): Finding {
  if (shown !== null && shown !== livemode) {
    return problem(
      "mode",
      `The secret key says ${modeName(livemode)}, but Stripe shows ${modeName(shown)} objects`,
      `Set STRIPE_SECRET_KEY to the key that Stripe shows for ${modeName(livemode)}`,
    );
  }
  if (livemode && !production) {
    return problem(
      "mode",
      "A live key is used without NODE_ENV=production, which prints tokens for developers",
      "Set NODE_ENV=production, or STRIPE_SECRET_KEY to a test key",
    );
  }
  if (production && !livemode) {
    return warning(
      "mode",
      "NODE_ENV is production, but the secret key is for test mode: no money moves",
      "Set STRIPE_SECRET_KEY to the live key, unless this is a rehearsal",
    );
  }
  return ok(
    "mode",
    sandbox ? "The sandbox takes Stripe's place" : `Stripe's ${modeName(livemode)}`,
  );
}

/** What only operators' commands write; the service may run with a key that cannot. */
const FOR_OPERATORS: readonly string[] = [
  "products",
  "prices",
  "Portal configurations",
  "webhook endpoints",
  "payment methods",
  "tax ids",
];

/** Whether the key may read and write all that billing does. */
export function judgePermissions(missing: readonly MissingPermission[]): Finding {
  const isNeeded = ({ resource, access }: MissingPermission) =>
    access === "read" || !FOR_OPERATORS.includes(resource);
  const judge = missing.some(isNeeded) ? problem : warning;
  return missing.length === 0
    ? ok("permissions", "The secret key may read and write all that billing does")
    : judge(
        "permissions",
        `The secret key may not ${["read", "write"]
          .map((access) => resourcesOf(missing, access))
          .filter((text) => text !== "")
          .join(" and not ")}`,
        `Give the restricted key ${missing
          .map(({ resource, access, permission }) => permission ?? `to ${access} ${resource}`)
          .join(", ")} (and what docs/operations.md lists) under Developers > API keys`,
      );
}

function resourcesOf(missing: readonly MissingPermission[], wanted: string): string {
  const resources = missing.filter(({ access }) => access === wanted);
  return resources.length === 0
    ? ""
    : `${wanted} ${resources.map(({ resource }) => resource).join(", ")}`;
}

/** Whether the provider answers in the API version that this release reads. */
export function judgeApiVersion({ apiVersion }: ProviderFacts, pinned: string): Finding {
  return apiVersion === pinned
    ? ok("api_version", `Stripe answers in ${pinned}`)
    : problem(
        "api_version",
        `Stripe answers in ${apiVersion ?? "a version that it does not name"}, not in ${pinned}`,
        "Make sure that nothing between here and Stripe changes the Stripe-Version header",
      );
}

function modeName(livemode: boolean): string {
  return livemode ? "live mode" : "test mode";
}
