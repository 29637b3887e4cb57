import type { Violation } from "./architecture_rules.ts";
import { type Graph, importGraph, reachable, type SourceTree } from "./source_graph.ts";
import { exportedTypes, implementedInterfaces } from "./source_imports.ts";

/** Ports without the tests that prove their implementations, and use cases without a test. */
export function testRuleViolations(tree: SourceTree): Violation[] {
  const graph = importGraph(tree);
  return [...tree].flatMap(([file, text]) => {
    if (file.startsWith("src/application/ports/")) {
      return exportedTypes(text, "interface").flatMap((name) => portViolations(tree, graph, name));
    }
    if (file.startsWith("src/application/")) {
      return useCaseViolations(tree, file, text);
    }
    return [];
  });
}

function portViolations(tree: SourceTree, graph: Graph, name: string): Violation[] {
  const implementations = [...tree].flatMap(([path, text]) =>
    path.startsWith("src/") && implementedInterfaces(text).includes(name) ? path : [],
  );
  const contract = contractOf(name);
  const unproven = implementations.filter((file) =>
    tree.has(contract)
      ? !runsContract(tree, graph, { file, contract })
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
  tree: SourceTree,
  graph: Graph,
  { file, contract }: { file: string; contract: string },
): boolean {
  return [...tree.keys()]
    .filter((test) => test.startsWith("test/") && test.endsWith("_test.ts"))
    .filter((test) => isOfSameFolder(test, file))
    .map((test) => reachable(graph, test))
    .some((loaded) => loaded.has(contract) && loaded.has(file));
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
