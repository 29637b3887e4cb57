/**
 * Runs everything that concerns MongoDB on a server that somebody has:
 * `npm run test:mongodb -- mongodb://...`.
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { soleHost } from "../mongo_proxy.ts";
import { type Abilities, abilitiesOf } from "./abilities.ts";

const HELP = `Runs on a MongoDB server what the project's tests have to say about MongoDB.

  npm run test:mongodb -- <url> [--expect <what>]...

  <url>            of the server; a database in it must have "test" in its name. Each test file
                   makes a database of its own beside it, and drops it
  --expect <what>  fails unless the server can do it: explain, ttl, failover. Without it, what the
                   server cannot do is named and left out
  --help           this text
`;

/** The suites that use a server whatever it can do. */
const SUITES = [
  "test/adapters/mongodb/**/*_test.ts",
  "test/composition/{container,store_operations}_test.ts",
  "test/e2e/hanging_database_test.ts",
  "test/e2e/{subscription_flow,plan_change_flow,dunning_flow,reconciliation_flow}_test.ts",
  "test/model/mongodb_history_test.ts",
  "test/crash/crash_test.ts",
];

function refuse(problem: string): never {
  process.stderr.write(`Cannot test: ${problem}\n\n${HELP}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { expect: { type: "string", multiple: true }, help: { type: "boolean" } },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = options();
if (values.help === true) {
  process.stdout.write(HELP);
  process.exit(0);
}
const [url] = positionals;
if (url === undefined || positionals.length > 1) {
  refuse("it takes one URL, as in mongodb://127.0.0.1:27017/billing_test");
}
const found = await abilitiesOf(url).catch((error: unknown) => refuse(String(error)));
const { server: _, ...can } = found;
const abilities: Readonly<Record<string, boolean>> = can;
const expected = values.expect ?? [];
const unknown = expected.find((what) => !Object.hasOwn(abilities, what));
if (unknown !== undefined) {
  refuse(`nothing is called "${unknown}", only ${Object.keys(abilities).join(", ")}`);
}
const lacking = expected.filter((what) => abilities[what] !== true);
process.stdout.write(`${reportOf(found, url).join("\n")}\n\n`);
if (lacking.length > 0) {
  process.stderr.write(`The server cannot do what was expected: ${lacking.join(", ")}\n`);
  process.exit(1);
}
const checks = [
  ...(can.ttl ? ["ttl_check.ts"] : []),
  ...(can.failover ? ["failover_check.ts"] : []),
].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const mocha = fileURLToPath(import.meta.resolve("mocha/bin/mocha.js"));
const child = spawn(process.execPath, [mocha, ...SUITES, ...checks], {
  stdio: "inherit",
  env: {
    ...process.env,
    MONGODB_URL: url,
    REQUIRE_MONGODB: "1",
    REQUIRE_EXPLAIN: can.explain ? "1" : "0",
  },
});
const [code] = await once(child, "exit");
process.stdout.write(`${reportOf(found, url).join("\n")}\n`);
process.exit(code ?? 1);

function reportOf(abilities: Abilities, at: string): readonly string[] {
  const says = (is: boolean, text: string) => `  ${is ? "tested     " : "NOT TESTED "} ${text}`;
  return [
    `${abilities.server}:`,
    says(true, "contracts, races, ledger attacks, text, flows, model, crashes"),
    says(abilities.explain, "query plans, by explain (else only by the indexes that fit)"),
    says(abilities.ttl, "expired documents are removed by the server"),
    says(abilities.failover, "a failover by replSetStepDown"),
    says(soleHost(at) !== undefined, "outages and bad weather on the wire (one host, no TLS)"),
  ];
}
