import type { OtherClocks } from "../ports/clock.ts";
import { type ClockState, MAX_CLOCK_SKEW_MS } from "./clock_state.ts";
import { type Finding, ok, problem, shortened, warning } from "./finding.ts";

type OtherName = keyof OtherClocks;

const CLOCK_OWNERS: Readonly<Record<OtherName, string>> = {
  stripe: "Stripe's",
  database: "the database's",
};

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
