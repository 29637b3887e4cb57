import { execFileSync, spawn } from "node:child_process";
import { createSecretKey, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import jwt from "jsonwebtoken";
import { startBilling } from "../rig/started_billing.ts";

/**
 * Lets Schemathesis send what the API's document allows and forbids, one operation after another
 * and along the document's links, to a service that runs with a sandbox and plans: nothing may be
 * answered 5xx, or otherwise than the document says. The amount of work is fixed, not its time.
 */
const VERSION = "4.32.5";
const FOLDER = "node_modules/.cache/schemathesis";
const EXAMPLES = process.env.FUZZ_EXAMPLES ?? "12";
const SEED = process.env.FUZZ_SEED ?? "1";
const SECRET = randomBytes(48).toString("base64url");
const TENANT = "cldevelop1";
const HOUR_SECONDS = 3_600;

/** What Schemathesis cannot know: numbers in queries are texts, and any text is a key. */
const LEFT_OUT = ["positive_data_acceptance", "negative_data_rejection", "missing_required_header"];

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

function install(): string {
  const program = join(FOLDER, "bin", "schemathesis");
  if (!existsSync(program)) {
    execFileSync("python3", ["-m", "venv", FOLDER], { stdio: "inherit" });
    const pip = join(FOLDER, "bin", "pip");
    execFileSync(pip, ["install", "--quiet", `schemathesis==${VERSION}`], { stdio: "inherit" });
  }
  return program;
}

function tokenOf(claims: object): string {
  const exp = Math.floor(Date.now() / 1_000) + HOUR_SECONDS;
  const key = createSecretKey(Buffer.from(SECRET));
  return jwt.sign({ sub: "fuzz", exp, ...claims }, key, { algorithm: "HS256" });
}

function run(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit" });
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}

const program = install();
const running = await startBilling({
  AUTH_JWT_SECRET: SECRET,
  RATE_LIMIT_PER_MINUTE: "1000000",
});
await running.buy({ planSlug: "starter" });
let worst = 0;
for (const { who, claims, filter } of PARTS) {
  process.stdout.write(`As ${who}:\n`);
  const code = await run(program, [
    "run",
    `${running.service.url}/openapi.json`,
    "--header",
    `Authorization: Bearer ${tokenOf(claims)}`,
    "--header",
    `X-Tenant-Id: ${TENANT}`,
    "--max-examples",
    EXAMPLES,
    "--seed",
    SEED,
    "--no-color",
    "--no-shrink",
    "--continue-on-failure",
    "--exclude-checks",
    LEFT_OUT.join(","),
    "--suppress-health-check",
    "all",
    "--warnings",
    "off",
    ...filter,
  ]);
  worst = Math.max(worst, code);
}
await running.close();
process.exitCode = worst;
