import { invalidRequest } from "../engine/request_error.ts";
import type { State } from "../state/state.ts";
import { type Edge, EXPANSION_GRAPH } from "./expansion_graph.ts";

const MAX_LEVELS = 4;

type Fields = Record<string, unknown>;

/**
 * Checks that every path can be expanded in an answer of this type, such as `invoice` or
 * `list:invoice`.
 * @throws {RequestError} for a path that Stripe would not expand, or the sandbox does not
 */
export function checkExpansions(type: string, paths: readonly string[]): void {
  for (const path of paths) {
    const names = path.split(".");
    if (names.length > MAX_LEVELS) {
      throw invalidRequest(
        `You cannot expand more than ${MAX_LEVELS} levels of a property: ${path}`,
        "expand",
      );
    }
    let at = type;
    let edge: Edge | undefined;
    for (const name of names) {
      edge = edgeOf(at, name);
      if (edge === undefined) {
        break;
      }
      at = edge.kind === "list" ? `list:${edge.to}` : edge.to;
    }
    if (edge === undefined || edge.kind === "inline") {
      throw invalidRequest(`This property cannot be expanded (${path}).`, "expand");
    }
  }
}

/** A copy of `answer` in which the paths are expanded. */
export function expand(
  state: State,
  answer: object,
  type: string,
  paths: readonly string[],
): object {
  const copy: Fields = structuredClone({ ...answer });
  for (const path of paths) {
    expandPath(state, copy, type, path.split("."));
  }
  return copy;
}

function expandPath(state: State, parent: Fields, type: string, names: string[]): void {
  const [name = "", ...rest] = names;
  const edge = edgeOf(type, name);
  if (edge === undefined) {
    return;
  }
  const next = follow(state, parent, name, edge);
  if (rest.length === 0) {
    return;
  }
  const nextType = edge.kind === "list" ? `list:${edge.to}` : edge.to;
  for (const child of Array.isArray(next) ? next : [next]) {
    if (isFields(child)) {
      expandPath(state, child, nextType, rest);
    }
  }
}

function follow(state: State, parent: Fields, name: string, edge: Edge): unknown {
  const value = parent[name];
  if (edge.kind === "reference" && typeof value === "string") {
    const found = edge.table(state).get(value);
    parent[name] = found === undefined ? value : structuredClone({ ...found });
  } else if (edge.kind === "include" && value === undefined) {
    parent[name] = structuredClone({ ...edge.load(state, String(parent.id)) });
  }
  return parent[name];
}

function edgeOf(type: string, name: string): Edge | undefined {
  if (type.startsWith("list:")) {
    const element = type.slice("list:".length);
    return name === "data" ? { kind: "inline", to: element } : undefined;
  }
  const edges = EXPANSION_GRAPH[type];
  return edges !== undefined && Object.hasOwn(edges, name) ? edges[name] : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
