import { posix } from "node:path";
import type { SourceTree, Violation } from "./architecture_rules.ts";
import { exportedTypes, implementedInterfaces, sourceImports } from "./source_imports.ts";

/** Ports without the tests that prove their adapters, and use cases without a test. */
export function testRuleViolations(tree: SourceTree): Violation[] {
  return [...tree].flatMap(([file, text]) => {
    if (/^src\/application\/ports\/[^/]+$/.test(file)) {
      return exportedTypes(text, "interface").flatMap((name) => portViolations(tree, file, name));
    }
    if (/^src\/application\/[^/]+$/.test(file)) {
      return useCaseViolations(tree, file, text);
    }
    return [];
  });
}

function portViolations(tree: SourceTree, file: string, name: string): Violation[] {
  const adapters = [...tree].flatMap(([path, text]) =>
    path.startsWith("src/adapters/") && implementedInterfaces(text).includes(name) ? path : [],
  );
  const contract = `test/contracts/${posix.basename(file, ".ts")}_contract.ts`;
  const unproven = adapters.filter((adapter) =>
    tree.has(contract)
      ? !runsContract(tree, adapter, contract)
      : adapters.length > 1 || !tree.has(testOf(adapter)),
  );
  return unproven.map((adapter) => ({
    file: adapter,
    rule: "port",
    found: `${name} without ${adapters.length > 1 ? contract : testOf(adapter)}`,
  }));
}

/** Whether a test beside the adapter's other tests runs the port's contract suite. */
function runsContract(tree: SourceTree, adapter: string, contract: string): boolean {
  const folder = `${posix.dirname(testOf(adapter))}/`;
  return [...tree].some(
    ([path, text]) =>
      path.startsWith(folder) &&
      path.endsWith("_test.ts") &&
      sourceImports(text).some(
        ({ specifier }) => specifier && posix.join(posix.dirname(path), specifier) === contract,
      ),
  );
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
