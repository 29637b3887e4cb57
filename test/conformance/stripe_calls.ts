import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stripe } from "stripe";

const ADAPTER = "src/adapters/stripe";

/** Every method of Stripe's client that the adapter's sources call, such as `customers.create`. */
export function callsInSources(): Set<string> {
  const files = readdirSync(ADAPTER, { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((file) => file.endsWith(".ts"))
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
      const way = `${path}${String(name)}`;
      if (typeof member === "function") {
        return async (...args: unknown[]) => {
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
        ? recordedPart(member, `${way}.`, recording)
        : member;
    },
  });
}
