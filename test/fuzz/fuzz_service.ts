import { createSecretKey, randomBytes } from "node:crypto";
import jwt from "jsonwebtoken";
import { startBilling } from "../rig/started_billing.ts";
import { runSchemathesis } from "./schemathesis.ts";

const SECRET = randomBytes(48).toString("base64url");
const TENANT = "cldevelop1";
const HOUR_SECONDS = 3_600;

/** Whose requests, and which part of the API is theirs. */
const PARTS = [
  {
    who: "an owner, and a service of its tenant",
    claims: {
      tenants: [{ id: TENANT, role: "OWNER" }],
      scope: "billing:usage billing:tokens",
    },
    filter: ["--exclude-path-regex", "^/billing/(events|attention|webhook|tenants)"],
  },
  {
    who: "an operator",
    claims: { tenants: "*", scope: "billing:admin" },
    filter: ["--include-path-regex", "^/billing/(events|attention|webhook-endpoints|tenants)"],
  },
];

/** What was found as one kind of caller. */
export interface FuzzedPart {
  readonly who: string;
  readonly code: number;
  readonly output: string;
}

/**
 * Lets Schemathesis send what the API's document allows and forbids, one operation after another
 * and along the document's links, to a service that runs with a sandbox and plans: nothing may be
 * answered 5xx, or otherwise than the document says. The amount of work is fixed, not its time.
 */
export async function fuzzService(
  folder: string,
  amount: { readonly examples: string; readonly seed: string },
  onPart: (part: FuzzedPart) => void,
): Promise<void> {
  const running = await startBilling({
    AUTH_JWT_SECRET: SECRET,
    RATE_LIMIT_PER_MINUTE: "1000000",
  });
  try {
    await running.buy({ planSlug: "starter" });
    for (const { who, claims, filter } of PARTS) {
      const found = await runSchemathesis(folder, {
        url: `${running.service.url}/openapi.json`,
        headers: { Authorization: `Bearer ${tokenOf(claims)}`, "X-Tenant-Id": TENANT },
        ...amount,
        filter,
      });
      onPart({ who, ...found });
    }
  } finally {
    await running.close();
  }
}

function tokenOf(claims: object): string {
  const exp = Math.floor(Date.now() / 1_000) + HOUR_SECONDS;
  const key = createSecretKey(Buffer.from(SECRET));
  return jwt.sign({ sub: "fuzz", exp, ...claims }, key, { algorithm: "HS256" });
}
