import { posix } from "node:path";
import {
  namedGlobals,
  readsEnvironment,
  type SourceImport,
  sourceImports,
} from "./source_imports.ts";
import { testRuleViolations } from "./test_rules.ts";

/** Sources by their path from the project's root, with `/` between folders. */
export type SourceTree = ReadonlyMap<string, string>;

/** A place where a rule of the architecture is broken. */
export interface Violation {
  readonly file: string;
  readonly rule: Rule;
  readonly found: string;
}

/** The rules that every source has to keep. */
export const RULES = {
  domain: "the domain imports only the domain",
  application: "the application imports only the domain and itself",
  runtime: "the inside names nothing of a runtime",
  adapter: "an adapter imports no other adapter",
  composition: "an adapter does not import what composes it",
  vendor: "a vendor is imported in its one place",
  environment: "only main.ts reads the environment",
  sandbox: "sources import nothing outside src, but main.ts the sandbox, once and dynamically",
  package: "the sandbox imports itself and its package's dependencies",
  computed: "imports are written out",
  port: "a port's one adapter has tests, several all run the port's contract suite",
  useCase: "a use case has a test",
  name: "a file is snake_case and never an index",
} as const;

/** The short name of a rule. */
export type Rule = keyof typeof RULES;

/** The one place of every vendor: a folder or a file. */
const VENDOR_HOMES: Readonly<Record<string, string>> = {
  ajv: "src/kit/json_schema.ts",
  "ajv-formats": "src/kit/json_schema.ts",
  "charts.css": "src/adapters/dashboard/client/",
  commander: "src/adapters/cli/",
  cors: "src/adapters/http/",
  "es-module-lexer": "src/adapters/dashboard/",
  express: "src/adapters/http/",
  "express-jwt": "src/adapters/http/",
  "express-rate-limit": "src/adapters/http/",
  helmet: "src/adapters/http/",
  htm: "src/adapters/dashboard/client/",
  inversify: "src/composition/container.ts",
  "jsonc-parser": "src/adapters/catalog_file/located_json.ts",
  jsonwebtoken: "src/adapters/http/",
  "jwks-rsa": "src/adapters/http/",
  mongoose: "src/adapters/mongodb/",
  "node:sqlite": "src/adapters/sqlite/",
  pino: "src/kit/logger.ts",
  "pino-http": "src/adapters/http/",
  preact: "src/adapters/dashboard/client/",
  "reflect-metadata": "src/composition/container.ts",
  stripe: "src/adapters/stripe/",
};

/** What the sandbox's package.json names. */
const SANDBOX_VENDORS = ["commander", "express", "stripe"];

const COMPOSITION = [
  ...["src/composition/container.ts", "src/main.ts", "src/mod.ts", "src/composition/service.ts"],
  ...["src/composition/connect_billing.ts", "src/composition/start_workers.ts"],
];
const RUNTIME_NAMES = ["process", "Deno", "Buffer", "require", "__dirname", "__filename"];
const MAIN = "src/main.ts";

/** Everything in a tree that breaks a rule. */
export function architectureViolations(tree: SourceTree): Violation[] {
  const sources = [...tree].filter(([file]) => file.startsWith("src/"));
  const sandbox = [...tree].filter(([file]) => file.startsWith("sandbox/"));
  return [
    ...sources.flatMap(([file, text]) => sourceViolations(file, text)),
    ...sandbox.flatMap(([file, text]) => sandboxViolations(file, text)),
    ...testRuleViolations(tree),
    ...[...tree.keys()].flatMap(nameViolations),
  ];
}

function sourceViolations(file: string, text: string): Violation[] {
  const imports = sourceImports(text);
  const violations: Violation[] = imports.flatMap((imported) =>
    brokenRules(file, imported).map((rule) => ({
      file,
      rule,
      found: imported.specifier ?? "a computed import",
    })),
  );
  const sandbox = imports.filter(({ specifier }) => target(file, specifier).startsWith("sandbox/"));
  if (sandbox.length > 1) {
    violations.push({ file, rule: "sandbox", found: `${sandbox.length} imports of the sandbox` });
  }
  if (file !== MAIN && (readsEnvironment(text) || imports.some(isProcessModule))) {
    violations.push({ file, rule: "environment", found: "the environment" });
  }
  if (isInside(file)) {
    for (const found of namedGlobals(text, RUNTIME_NAMES)) {
      violations.push({ file, rule: "runtime", found });
    }
  }
  return violations;
}

function sandboxViolations(file: string, text: string): Violation[] {
  return sourceImports(text).flatMap(({ specifier }) => {
    const isItsOwn = specifier?.startsWith(".")
      ? target(file, specifier).startsWith("sandbox/")
      : specifier?.startsWith("node:") || SANDBOX_VENDORS.includes(packageOf(specifier ?? ""));
    return isItsOwn ? [] : { file, rule: "package", found: specifier ?? "a computed import" };
  });
}

function isProcessModule({ specifier }: SourceImport): boolean {
  return specifier === "node:process" || specifier === "process";
}

function brokenRules(file: string, imported: SourceImport): Rule[] {
  const { specifier, dynamic } = imported;
  if (specifier === null) {
    return ["computed"];
  }
  const path = target(file, specifier);
  const isRelative = specifier.startsWith(".");
  const leavesSources = isRelative && !path.startsWith("src/");
  const mayLeave = file === MAIN && dynamic && path.startsWith("sandbox/");
  const composed = file.startsWith("src/adapters/") && COMPOSITION.includes(path);
  const checks: [boolean, Rule][] = [
    [file.startsWith("src/domain/") && !path.startsWith("src/domain/"), "domain"],
    [file.startsWith("src/application/") && !isInside(path), "application"],
    [isOtherAdapter(file, path), "adapter"],
    [composed, "composition"],
    [!isRelative && !isAtHome(file, specifier), "vendor"],
    [leavesSources && !mayLeave, "sandbox"],
  ];
  return checks.flatMap(([broken, rule]) => (broken ? rule : []));
}

/** The path that a specifier means; a package's or built-in module's own name. */
function target(file: string, specifier: string | null): string {
  return specifier?.startsWith(".")
    ? posix.join(posix.dirname(file), specifier)
    : (specifier ?? "");
}

function isInside(path: string): boolean {
  return path.startsWith("src/domain/") || path.startsWith("src/application/");
}

function isOtherAdapter(file: string, path: string): boolean {
  const [from, to] = [file, path].map((each) => /^src\/adapters\/[^/]+/.exec(each)?.[0]);
  return from !== undefined && to !== undefined && from !== to;
}

/** Node's own modules are at home everywhere outside, `node:sqlite` excepted. */
function isAtHome(file: string, specifier: string): boolean {
  const home = VENDOR_HOMES[packageOf(specifier)];
  return home === undefined ? specifier.startsWith("node:") : file.startsWith(home);
}

function packageOf(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}

function nameViolations(file: string): Violation[] {
  const name = posix.basename(file);
  const good = /^[a-z0-9]+(_[a-z0-9]+)*(\.d)?\.[tj]s$/.test(name) && !/^index\./.test(name);
  return good ? [] : [{ file, rule: "name", found: name }];
}
