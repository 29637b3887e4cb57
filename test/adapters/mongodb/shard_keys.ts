import { readFile } from "node:fs/promises";
import type { SentCommand } from "./command_spy.ts";

/** The field that each collection is sharded by, as `docs/operations.md` tells it. */
export async function documentedShardKeys(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile("docs/operations.md", "utf8");
  const lines = text.matchAll(/^sh\.shardCollection\("billing\.(\w+)", \{ (\w+): /gm);
  return new Map([...lines].map(([, collection = "", field = ""]) => [collection, field]));
}

type Filter = Readonly<Record<string, unknown>>;

/** What a command reads or writes, with the documents that it is meant for. */
function targetsOf(command: SentCommand): readonly Filter[] {
  const list = (name: string) => (command[name] as Filter[] | undefined) ?? [];
  switch (command.name) {
    case "find":
      return [(command.filter as Filter | undefined) ?? {}];
    case "findAndModify":
    case "findandmodify":
    case "count":
    case "distinct":
      return [(command.query as Filter | undefined) ?? {}];
    case "insert":
      return list("documents");
    case "update":
    case "delete":
      return list(`${command.name}s`).map(({ q }) => q as Filter);
    case "aggregate":
      return [
        ((command.pipeline as Filter[] | undefined)?.[0]?.$match as Filter | undefined) ?? {},
      ];
    default:
      return [];
  }
}

/**
 * Why a command would be sent to more than one shard; `null` where it goes to one. Commands that
 * concern no collection of documents, such as greetings, go to one.
 */
export function strayOf(command: SentCommand, keys: ReadonlyMap<string, string>): string | null {
  const targets = targetsOf(command);
  const collection = String(command[command.name]);
  const key = keys.get(collection);
  if (targets.length === 0) {
    return null;
  }
  if (key === undefined) {
    return `${command.name} in ${collection}, which has no shard key`;
  }
  const stray = targets.find((target) => !isOneValue(target[key]));
  return stray === undefined
    ? null
    : `${command.name} in ${collection} without ${key}: ${JSON.stringify(Object.keys(stray))}`;
}

/** Whether a condition, or a document's field, is one value; `null` is one, too. */
function isOneValue(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
