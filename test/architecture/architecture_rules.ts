import { posix } from "node:path";
import { constructionViolations } from "./construction_rules.ts";
import { brokenImportRules } from "./import_rules.ts";
import { circles, importGraph, importTarget, roomGraph, type SourceTree } from "./source_graph.ts";
import {
  namedGlobals,
  onlyReExports,
  readsEnvironment,
  type SourceImport,
  sourceImports,
} from "./source_imports.ts";
import { spreadViolations } from "./spread_rules.ts";
import { testRuleViolations } from "./test_rules.ts";

/** A place where a rule of the architecture is broken. */
export interface Violation {
  readonly file: string;
  readonly rule: Rule;
  readonly found: string;
}

/** The rules that every source has to keep. */
export const RULES = {
  domain: "the domain imports only the domain",
  application: "the application imports only the domain, its ports and itself",
  ports: "a port imports only the domain and other ports",
  adapter: "an adapter imports only the domain, the application, kit and itself",
  kit: "kit imports nothing of ours",
  entry: "src holds main.ts and mod.ts, which only re-exports; nothing imports them",
  circle: "neither files nor rooms form a circle",
  runtime: "the inside names nothing of a runtime",
  vendor: "a vendor is imported in its one place",
  environment: "only main.ts reads the environment",
  sandbox: "sources import nothing outside src, but main.ts the sandbox, once and dynamically",
  package: "the sandbox imports itself and its package's dependencies",
  computed: "imports are written out",
  port: "every class that implements a port runs its contract suite, or, being alone, has a test",
  useCase: "a use case has a test",
  once: "the application makes a use case in one place, its room's use_cases.ts or its only user",
  name: "a file is snake_case and never an index",
  folder: "a folder of src holds at most 25 files",
  spread: "a literal is not spread where it stands: its members are written out",
} as const;

/** The short name of a rule. */
export type Rule = keyof typeof RULES;

const RUNTIME_NAMES = ["process", "Deno", "Buffer", "require", "__dirname", "__filename"];
const MOST_FILES = 25;
const MAIN = "src/main.ts";
const ENTRY = "src/mod.ts";

/** Everything in a tree that breaks a rule. */
export function architectureViolations(tree: SourceTree): Violation[] {
  const sources = [...tree].filter(([file]) => /^(src|sandbox)\//.test(file));
  return [
    ...sources.flatMap(([file, text]) => sourceViolations(file, text)),
    ...circleViolations(new Map(sources)),
    ...testRuleViolations(tree),
    ...constructionViolations(tree),
    ...[...tree.keys()].flatMap(nameViolations),
    ...[...tree].flatMap(([file, text]) => spreadViolations(file, text)),
    ...folderViolations(sources.map(([file]) => file)),
  ];
}

function sourceViolations(file: string, text: string): Violation[] {
  const imports = sourceImports(text);
  const violations: Violation[] = imports.flatMap((imported) =>
    brokenImportRules(file, imported).map((rule) => ({
      file,
      rule,
      found: imported.specifier ?? "a computed import",
    })),
  );
  return file.startsWith("sandbox/")
    ? violations
    : [...violations, ...contentViolations(file, text, imports)];
}

function contentViolations(
  file: string,
  text: string,
  imports: readonly SourceImport[],
): Violation[] {
  const sandbox = imports.filter(({ specifier }) =>
    importTarget(file, specifier ?? "").startsWith("sandbox/"),
  );
  const stray = /^src\/[^/]+$/.test(file) && file !== MAIN && file !== ENTRY;
  const readsIt = readsEnvironment(text) || imports.some(isProcessModule);
  const checks: [boolean, Rule, string][] = [
    [sandbox.length > 1, "sandbox", `${sandbox.length} imports of the sandbox`],
    [stray, "entry", "a file beside main.ts and mod.ts"],
    [file === ENTRY && !onlyReExports(text), "entry", "more than exports from other files"],
    [file !== MAIN && readsIt, "environment", "the environment"],
  ];
  const globals = isInside(file) ? namedGlobals(text, RUNTIME_NAMES) : [];
  return [
    ...checks.flatMap(([broken, rule, found]) => (broken ? { file, rule, found } : [])),
    ...globals.map((found) => ({ file, rule: "runtime" as const, found })),
  ];
}

function circleViolations(tree: SourceTree): Violation[] {
  const graph = importGraph(tree);
  return [...circles(graph), ...circles(roomGraph(graph, roomOf))].map((members) => ({
    file: members[0] ?? "",
    rule: "circle",
    found: members.join(" <-> "),
  }));
}

/** A room of the domain, of the application or, below what they share, of an adapter. */
function roomOf(file: string): string | null {
  return (
    /^src\/(domain|application)\/(?!ports\/)[^/]+\//.exec(file)?.[0] ??
    /^src\/adapters\/[^/]+\/[^/]+\//.exec(file)?.[0] ??
    null
  );
}

function isProcessModule({ specifier }: SourceImport): boolean {
  return specifier === "node:process" || specifier === "process";
}

function isInside(path: string): boolean {
  return path.startsWith("src/domain/") || path.startsWith("src/application/");
}

function nameViolations(file: string): Violation[] {
  const name = posix.basename(file);
  const good = /^[a-z0-9]+(_[a-z0-9]+)*(\.d)?\.[tj]s$/.test(name) && !/^index\./.test(name);
  return good ? [] : [{ file, rule: "name", found: name }];
}

function folderViolations(files: readonly string[]): Violation[] {
  const folders = Map.groupBy(files, posix.dirname);
  return [...folders].flatMap(([folder, held]) =>
    folder.startsWith("src") && held.length > MOST_FILES
      ? [{ file: folder, rule: "folder" as const, found: `${held.length} files` }]
      : [],
  );
}
