import { type Finding, ok, problem, shortened, warning } from "./finding.ts";

/** A file of the database, or beside it. */
export interface CheckedFile {
  readonly path: string;
  /** Its permissions, such as `0o600`. */
  readonly mode: number;
}

/** A secret that somebody chose. */
export interface CheckedSecret {
  /** The setting, or the part of it, that it is in. */
  readonly name: string;
  readonly value: string;
}

/** How the service is set up, as far as others can take advantage of it. */
export interface SafetyFacts {
  readonly production: boolean;
  /** Files with data or keys; none where there is a database server. */
  readonly files: readonly CheckedFile[];
  readonly secrets: readonly CheckedSecret[];
  /** Whether a secret looks as if somebody made it up. */
  isGuessable(secret: string): boolean;
  /** Where Checkout and the Portal return to. */
  readonly dashboardUrl: string;
  /** Where they may return to. */
  readonly redirectOrigins: readonly string[];
  /** Whether only this machine reaches a host. */
  isLoopback(host: string): boolean;
}

/** What a careless operator overlooks. Names secrets only by their settings. */
export function judgeSafety(facts: SafetyFacts): readonly Finding[] {
  return [...judgeStrength(facts), ...judgeFiles(facts), ...judgeRedirects(facts)];
}

function judgeStrength({ secrets, production, isGuessable }: SafetyFacts): readonly Finding[] {
  const check = "secrets";
  const fix = "Make one with `openssl rand -base64 48`, for each setting its own";
  const weigh = production ? problem : warning;
  const found = secrets.flatMap(({ name, value }, index) => {
    const same = secrets.findIndex((other) => other.value === value);
    if (same < index) {
      return weigh(check, `${name} is the same as ${secrets[same]?.name}`, fix);
    }
    return isGuessable(value) ? weigh(check, `${name} looks made up, or is short`, fix) : [];
  });
  return found.length > 0 ? found : [ok(check, "None looks made up, none is used twice")];
}

function judgeFiles({ files }: SafetyFacts): readonly Finding[] {
  const check = "database_files";
  const open = files.filter(({ mode }) => (mode & 0o077) !== 0).map(({ path }) => path);
  return open.length === 0
    ? [ok(check, "Nobody but their owner may read the database's files")]
    : [
        problem(
          check,
          `Others than the owner may use ${shortened(open)}`,
          `Run chmod 600 ${open.join(" ")}, and find out who has read them`,
        ),
      ];
}

function judgeRedirects(facts: SafetyFacts): readonly Finding[] {
  const { production, dashboardUrl, redirectOrigins, isLoopback } = facts;
  const check = "redirects";
  const { origin } = new URL(dashboardUrl);
  const local = redirectOrigins.filter((one) => isLoopback(new URL(one).hostname));
  if (!redirectOrigins.includes(origin)) {
    return [
      problem(
        check,
        `The dashboard's origin ${origin} is none that Checkout may return to`,
        `Add ${origin} to ALLOWED_REDIRECT_ORIGINS`,
      ),
    ];
  }
  return production && local.length > 0
    ? [
        problem(
          check,
          `Customers who have paid may be led to their own machine: ${shortened(local)}`,
          "Set DASHBOARD_URL and ALLOWED_REDIRECT_ORIGINS to addresses that customers reach",
        ),
      ]
    : [ok(check, `Checkout returns to ${shortened(redirectOrigins)} only`)];
}
