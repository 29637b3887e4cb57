import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stripe } from "stripe";

const ADAPTER = "src/adapters/stripe";

/** What asks for lists by their paths. */
const BY_PATH = "request_list.ts";

/**
 * Every method of Stripe's client that the adapter's sources call, such as `customers.create`, and
 * what they ask for by its path, such as `GET /v1/invoices`.
 */
export function callsInSources(): Set<string> {
  const files = readdirSync(ADAPTER, { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((file) => file.endsWith(".ts") && file !== BY_PATH)
    .map((file) => readFileSync(join(ADAPTER, file), "utf8"));
  return new Set(sources.flatMap((source) => callsIn(source)));
}

/**
 * The client's methods that a source calls.
 *
 * @throws {TypeError} where a part of the client is taken aside: its calls would not be seen
 */
export function callsIn(source: string): string[] {
  const dense = source.replaceAll(/\s*\.\s*(?=\w)/g, ".");
  const lists = [...source.matchAll(/requestList\([\w.#]+, "([^"]+)"/g)];
  return [...lists.map(([, path = ""]) => `GET ${path}`), ...methodsIn(dense)];
}

function methodsIn(dense: string): string[] {
  return [...dense.matchAll(/(?<![.\w/])stripe\.([\w.]+)\s*(\(?)/g)].map(
    ([text, path = "", call]) => {
      if (call !== "(") {
        throw new TypeError(`Cannot tell what is called at Stripe: "${text}" is no call`);
      }
      return path;
    },
  );
}

/** What a test does with the calls of a client. */
export interface Recording {
  /** Every method that reached the client. */
  readonly called: Set<string>;
  /** Answers, or errors, by method, in place of the client's. */
  staged: Readonly<Record<string, unknown>>;
}

/** The client, noting down every method that is called, and answering those that are staged. */
export function recorded(stripe: Stripe, recording: Recording): Stripe {
  return recordedPart(stripe, "", recording);
}

function recordedPart<T extends object>(part: T, path: string, recording: Recording): T {
  return new Proxy(part, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member === "function") {
        return async (...args: unknown[]) => {
          const [verb, address] = args;
          const way =
            name === "rawRequest"
              ? `${verb} ${String(address).replace(/\?.*/, "")}`
              : `${path}${String(name)}`;
          const answer = recording.staged[way];
          if (answer === undefined) {
            recording.called.add(way);
            return await Reflect.apply(member, target, args);
          }
          if (answer instanceof Error) {
            throw answer;
          }
          return answer;
        };
      }
      return typeof member === "object" && member !== null
        ? recordedPart(member, `${path}${String(name)}.`, recording)
        : member;
    },
  });
}
