import type { Violation } from "./architecture_rules.ts";
import { type Graph, importGraph, reachable, type SourceTree } from "./source_graph.ts";
import { exportedTypes, implementedInterfaces } from "./source_imports.ts";

/** What the rules about tests look at, read once. */
interface Project {
  readonly tree: SourceTree;
  /** The files whose classes say that they implement a port, by its name. */
  readonly implementations: ReadonlyMap<string, readonly string[]>;
  /** What each test loads. */
  readonly loadedBy: Graph;
}

/** Ports without the tests that prove their implementations, and use cases without a test. */
export function testRuleViolations(tree: SourceTree): Violation[] {
  const project = { tree, implementations: implementationsIn(tree), loadedBy: testLoads(tree) };
  return [...tree].flatMap(([file, text]) => {
    if (file.startsWith("src/application/ports/")) {
      return exportedTypes(text, "interface").flatMap((name) => portViolations(project, name));
    }
    if (file.startsWith("src/application/")) {
      return useCaseViolations(tree, file, text);
    }
    return [];
  });
}

function implementationsIn(tree: SourceTree): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [file, text] of tree) {
    for (const name of file.startsWith("src/") ? implementedInterfaces(text) : []) {
      found.set(name, [...(found.get(name) ?? []), file]);
    }
  }
  return found;
}

function testLoads(tree: SourceTree): Graph {
  const graph = importGraph(tree);
  const tests = [...tree.keys()].filter((file) => /^test\/.*_test\.ts$/.test(file));
  return new Map(tests.map((test) => [test, reachable(graph, test)]));
}

function portViolations(project: Project, name: string): Violation[] {
  const { tree } = project;
  const implementations = project.implementations.get(name) ?? [];
  const contract = contractOf(name);
  const unproven = implementations.filter((file) =>
    tree.has(contract)
      ? !runsContract(project, { file, contract })
      : implementations.length > 1 || !tree.has(testOf(file)),
  );
  return unproven.map((file) => ({
    file,
    rule: "port",
    found: `${name} without ${implementations.length > 1 ? contract : testOf(file)}`,
  }));
}

/** Whether some test runs the port's contract suite and loads the class that implements it. */
function runsContract(
  { loadedBy }: Project,
  { file, contract }: { file: string; contract: string },
): boolean {
  return [...loadedBy].some(
    ([test, loaded]) => isOfSameFolder(test, file) && loaded.has(contract) && loaded.has(file),
  );
}

/** An adapter's suites are run by the tests of that adapter, a decorator's by its own room's. */
function isOfSameFolder(test: string, source: string): boolean {
  const folderOf = (path: string) => /^[^/]+\/([^/]+\/[^/]+)\//.exec(path)?.[1];
  return folderOf(test) === folderOf(source);
}

/** `AccountStore` is proven by `test/contracts/account_store_contract.ts`. */
function contractOf(name: string): string {
  const words = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
  return `test/contracts/${words}_contract.ts`;
}

function useCaseViolations(tree: SourceTree, file: string, text: string): Violation[] {
  const isUseCase = exportedTypes(text, "class").length > 0;
  return isUseCase && !tree.has(testOf(file))
    ? [{ file, rule: "useCase", found: `no ${testOf(file)}` }]
    : [];
}

function testOf(source: string): string {
  return source.replace(/^src\//, "test/").replace(/\.ts$/, "_test.ts");
}
