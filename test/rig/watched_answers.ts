import { ServerResponse } from "node:http";
import type { Context } from "mocha";
import type { GivenAnswer } from "./documented_answers.ts";

/**
 * Every JSON answer of the service that a test of this process receives, by whatever client, is
 * compared with the API's document once the test is over. It is seen where Node sends it.
 */
const seen = new Map<string, GivenAnswer>();

/** The paths that the document may name. Hosts that mount the routes elsewhere are not meant. */
const OWN_PATH = /^\/(?:billing|readyz|healthz)(?:\/|$)/;

const sentHeaders = new WeakMap<ServerResponse, Headers>();
const { writeHead, end } = ServerResponse.prototype;

ServerResponse.prototype.writeHead = function (this: ServerResponse, ...given: unknown[]) {
  const own = given.find((value) => typeof value === "object" && value !== null);
  const headers = new Headers();
  for (const [name, value] of Object.entries({ ...this.getHeaders(), ...own })) {
    headers.set(name, String(value));
  }
  sentHeaders.set(this, headers);
  return Reflect.apply(writeHead, this, given);
} as typeof writeHead;

ServerResponse.prototype.end = function (this: ServerResponse, ...given: unknown[]) {
  const ended = Reflect.apply(end, this, given);
  note(this, given[0]);
  return ended;
} as typeof end;

function note(response: ServerResponse, body: unknown): void {
  const { method = "", originalUrl: url } = {
    originalUrl: response.req.url ?? "",
    ...response.req,
  };
  const path = url.split("?", 1)[0] ?? "";
  const headers = sentHeaders.get(response) ?? new Headers();
  const isJson = headers.get("Content-Type")?.startsWith("application/json") ?? false;
  if (isJson && OWN_PATH.test(path) && !headers.has("Content-Encoding")) {
    const text = Buffer.isBuffer(body) ? body.toString() : String(body ?? "");
    const status = response.statusCode;
    seen.set(JSON.stringify([method, path, status, text]), { method, path, status, headers, text });
  }
}

/** What the document does not tell of, of the answers since it was asked last. */
export async function undocumentedAnswers(): Promise<string[]> {
  const answers = [...seen.values()];
  seen.clear();
  if (answers.length === 0) {
    return [];
  }
  const { documentProblem } = await import("./documented_answers.ts");
  return answers.map(documentProblem).filter((problem) => problem !== null);
}

const problems: string[] = [];

export const mochaHooks = {
  async afterEach(this: Context): Promise<void> {
    const title = this.currentTest?.fullTitle();
    problems.push(...(await undocumentedAnswers()).map((problem) => `${title}: ${problem}`));
  },
  afterAll(): void {
    if (problems.length > 0) {
      throw new Error(`The API's document does not tell of answers:\n${problems.join("\n")}`);
    }
  },
};
