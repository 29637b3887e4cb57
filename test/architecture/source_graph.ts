import { posix } from "node:path";
import { sourceImports } from "./source_imports.ts";

/** Sources by their path from the project's root, with `/` between folders. */
export type SourceTree = ReadonlyMap<string, string>;

/** What points to what. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The path that a specifier means; a package's or built-in module's own name. */
export function importTarget(file: string, specifier: string): string {
  return specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : specifier;
}

/** Which files of a tree each file imports, type-only imports included. */
export function importGraph(tree: SourceTree): Graph {
  return new Map(
    [...tree].map(([file, text]) => [
      file,
      new Set(
        sourceImports(text)
          .flatMap(({ specifier }) => (specifier === null ? [] : importTarget(file, specifier)))
          .filter((path) => tree.has(path)),
      ),
    ]),
  );
}

/** The same graph between rooms; what lies in none is left out, and so is what stays within one. */
export function roomGraph(graph: Graph, roomOf: (file: string) => string | null): Graph {
  const rooms = new Map<string, Set<string>>();
  for (const [file, targets] of graph) {
    const room = roomOf(file);
    if (room !== null) {
      const others = [...targets].map(roomOf).filter((other) => other !== null && other !== room);
      rooms.set(room, new Set([...(rooms.get(room) ?? []), ...others]) as Set<string>);
    }
  }
  return rooms;
}

/** Everything that can be reached from a file, itself included. */
export function reachable(graph: Graph, from: string): ReadonlySet<string> {
  const seen = new Set([from]);
  for (const file of seen) {
    for (const target of graph.get(file) ?? []) {
      seen.add(target);
    }
  }
  return seen;
}

/** The groups that form circles: whose members can all be reached from one another. */
export function circles(graph: Graph): string[][] {
  const reach = new Map([...graph.keys()].map((node) => [node, reachableBeyond(graph, node)]));
  const inCircle = [...reach].filter(([node, seen]) => seen.has(node)).map(([node]) => node);
  const groups = new Map<string, string[]>();
  for (const node of inCircle) {
    const group = inCircle.filter(
      (other) => other === node || (reach.get(node)?.has(other) && reach.get(other)?.has(node)),
    );
    groups.set(group.toSorted().join(), group.toSorted());
  }
  return [...groups.values()];
}

function reachableBeyond(graph: Graph, node: string): ReadonlySet<string> {
  const seen = new Set<string>(graph.get(node));
  for (const file of seen) {
    for (const target of graph.get(file) ?? []) {
      seen.add(target);
    }
  }
  return seen;
}
