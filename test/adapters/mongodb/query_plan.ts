import type { MongoIndex } from "../../../src/adapters/mongodb/indexes/mongo_indexes.ts";
import type { SentCommand } from "./command_spy.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What of a command decides how documents are found. */
export interface Search {
  readonly collection: string;
  readonly filter: Fields;
  /** Fields in order. */
  readonly sort: readonly (readonly [string, number])[];
}

/** How a command finds documents; `undefined` for one that does not. */
export function searchOf(command: SentCommand): Search | undefined {
  const { name } = command;
  const collection = String(command[name]);
  switch (name) {
    case "find":
      return { collection, filter: fields(command.filter), sort: sortOf(command.sort) };
    case "findAndModify":
      return { collection, filter: fields(command.query), sort: sortOf(command.sort) };
    case "update": {
      const [update] = command.updates as readonly { readonly q: Fields }[];
      return { collection, filter: fields(update?.q), sort: [] };
    }
    default:
      return undefined;
  }
}

/**
 * Name of the index that finds the documents of a search in their order, or `undefined` when
 * none of them does. Its first fields are compared with one value each, and what follows them is
 * the sort, or is compared with a range; of several the one with the most such fields, and of
 * those a partial one, which is the smallest.
 */
export function servingIndex(
  { collection, filter, sort }: Search,
  indexes: readonly MongoIndex[],
): string | undefined {
  const own = indexes.filter((index) => index.collection === collection);
  const keys: readonly Pick<MongoIndex, "name" | "key" | "partialFilterExpression">[] = [
    { name: "_id_", key: { _id: 1 } },
    ...own.filter((index) => covers(index, filter)),
  ];
  const serving = keys.flatMap(({ name, key, partialFilterExpression }) => {
    const partial = Number(partialFilterExpression !== undefined);
    const entries = Object.entries(key);
    const firstOpen = entries.findIndex(([field]) => !isEquality(filter[field]));
    const fixed = firstOpen === -1 ? entries.length : firstOpen;
    const starts = fixed > 0 || isRange(filter[entries[0]?.[0] ?? ""]);
    return starts && isPrefix(sort, entries.slice(fixed)) ? [{ name, fixed, partial }] : [];
  });
  return serving.toSorted((a, b) => b.fixed - a.fixed || b.partial - a.partial)[0]?.name;
}

/**
 * A partial index has only the documents that match: the search has to ask for the same, or, where
 * the index asks for fields that exist, for values of them.
 */
function covers({ partialFilterExpression = {} }: MongoIndex, filter: Fields): boolean {
  return Object.entries(partialFilterExpression).every(([field, condition]) =>
    "$exists" in fields(condition)
      ? isEquality(filter[field]) || isRange(filter[field])
      : JSON.stringify(filter[field]) === JSON.stringify(condition),
  );
}

function isPrefix(
  sort: Search["sort"],
  fieldsInOrder: readonly (readonly [string, number])[],
): boolean {
  return [1, -1].some((direction) =>
    sort.every(([field, order], position) => {
      const [name, indexed] = fieldsInOrder[position] ?? [];
      return name === field && indexed === order * direction;
    }),
  );
}

function isEquality(condition: unknown): boolean {
  return typeof condition === "string" || typeof condition === "number";
}

function isRange(condition: unknown): boolean {
  return (
    typeof condition === "object" &&
    condition !== null &&
    Object.keys(condition).some((operator) =>
      ["$in", "$lt", "$lte", "$gt", "$gte"].includes(operator),
    )
  );
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function sortOf(value: unknown): Search["sort"] {
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(fields(value));
  return entries.map(([field, order]) => [String(field), Number(order)]);
}

const LOOKUPS = ["IXSCAN", "IDHACK", "EXPRESS", "CLUSTERED_IXSCAN"];
const SLOW = ["COLLSCAN", "SORT"];

/** Stages of a plan, as the server explains it, that are no index lookup. */
export function slowStages(explained: unknown): readonly string[] {
  const stages = stagesOf(fields(fields(explained).queryPlanner).winningPlan);
  const hasLookup = stages.some((stage) => LOOKUPS.some((lookup) => stage.startsWith(lookup)));
  return hasLookup ? stages.filter((stage) => SLOW.includes(stage)) : ["no index", ...stages];
}

function stagesOf(plan: unknown): readonly string[] {
  if (Array.isArray(plan)) {
    return plan.flatMap(stagesOf);
  }
  const { stage, ...parts } = fields(plan);
  const own = typeof stage === "string" ? [stage] : [];
  return [
    ...own,
    ...["inputStage", "inputStages", "queryPlan", "shards", "winningPlan"].flatMap((part) =>
      stagesOf(parts[part] ?? []),
    ),
  ];
}
