import type { CatalogChange } from "../catalog/catalog_plan.ts";
import type { OtherClocks } from "../ports/clock.ts";
import type { MissingPermission, ProviderFacts } from "../ports/provider_inspection.ts";
import { type ClockState, MAX_CLOCK_SKEW_MS } from "./clock_state.ts";
import { describeChange } from "./describe_change.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import type { WebhookEndpointPlan } from "./webhook_endpoint_plan.ts";

const SYNC = "npm run cli -- plans sync";
const MAX_SHOWN = 5;

type OtherName = keyof OtherClocks;

const CLOCK_OWNERS: Readonly<Record<OtherName, string>> = {
  stripe: "Stripe's",
  database: "the database's",
};

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

/** Whether the key may read all that billing reads. */
export function judgePermissions(missing: readonly MissingPermission[]): Finding {
  return missing.length === 0
    ? ok("permissions", "The secret key may read all that billing reads")
    : problem(
        "permissions",
        `The secret key may not read ${missing.map(({ resource }) => resource).join(", ")}`,
        `Give the restricted key ${missing
          .map(({ resource, permission }) => permission ?? `reading ${resource}`)
          .join(", ")} (and what docs/operations.md lists) under Developers > API keys`,
      );
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

/**
 * Whether the clocks agree. If not, the service is not ready, begins no months and refuses webhooks
 * whose time stamp is too far from its clock.
 *
 * @param asked whose clocks ours was compared with
 */
export function judgeClock(
  { skewsMs }: ClockState,
  { asked, toleranceSeconds }: { asked: readonly OtherName[]; toleranceSeconds: number },
): Finding {
  const far = asked.filter((name) => Math.abs(skewsMs[name] ?? 0) > MAX_CLOCK_SKEW_MS);
  if (far.length > 0) {
    const refuses = Math.abs(skewsMs.stripe ?? 0) >= toleranceSeconds * 1_000;
    const apart = far.map((name) => skewText(skewsMs[name] ?? 0, CLOCK_OWNERS[name]));
    return problem(
      "clock",
      `The clock is ${apart.join(" and ")}: the service is not ready and begins no months` +
        (refuses ? "; webhooks are refused as too old or too new" : ""),
      "Let the clocks of this machine and of the database's follow a time server (NTP)",
    );
  }
  const silent = asked.filter((name) => skewsMs[name] === undefined);
  return silent.length > 0
    ? warning(
        "clock",
        `Not compared with ${ownersOf(silent)}`,
        "Make both answer, then run doctor again",
      )
    : ok("clock", `Within ${MAX_CLOCK_SKEW_MS / 1_000} s of ${ownersOf(asked)}`);
}

/** What waits for somebody to look at it (P41). */
export function judgeAttention(open: number): Finding {
  return open === 0
    ? ok("attention", "Nothing waits for somebody to look at it")
    : warning(
        "attention",
        `${open} ${open === 1 ? "case waits" : "cases wait"} for somebody to look at`,
        "Run `npm run cli -- attention list`",
      );
}

/**
 * Whether the token ledgers are sealed (P30).
 *
 * @param keyIds of the keys that are set
 * @param sealedWith the key that sealed the ledgers at the last check of them all; `null` for none
 */
export function judgeLedgerKeys(keyIds: readonly string[], sealedWith: string | null): Finding {
  const check = "ledger_keys";
  const [sealing] = keyIds;
  if (sealedWith !== null && keyIds.length > 0 && !keyIds.includes(sealedWith)) {
    return problem(
      check,
      `The token ledgers are sealed with key "${sealedWith}", which LEDGER_KEYS does not have`,
      "Set LEDGER_KEYS to the keys that were ever used, the newest first",
    );
  }
  return sealing === undefined
    ? warning(
        check,
        "LEDGER_KEYS is not set: whoever can write to the database can forge a token ledger",
        "Set LEDGER_KEYS to id:secret, such as 2026:$(openssl rand -hex 32)",
      )
    : ok(check, `Token ledgers are sealed with key "${sealing}"`);
}

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

/** Whether the database has all indexes. */
export function judgeIndexes(missing: readonly string[]): Finding {
  return missing.length === 0
    ? ok("indexes", "Every index is there")
    : problem(
        "indexes",
        `Missing or different: ${shortened(missing)}`,
        "Run `npm run cli -- indexes sync`; docs/operations.md says what to do about different ones",
      );
}

function skewText(skewMs: number, owner: string): string {
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  return `${seconds} s ${skewMs < 0 ? "behind" : "ahead of"} ${owner}`;
}

function ownersOf(names: readonly OtherName[]): string {
  return names.map((name) => CLOCK_OWNERS[name]).join(" and ");
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

function shortened(all: readonly string[]): string {
  const more = all.length - MAX_SHOWN;
  return all.slice(0, MAX_SHOWN).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function trim(text: string): string {
  return text.trim();
}

function modeName(livemode: boolean): string {
  return livemode ? "live mode" : "test mode";
}
