import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { STRIPE_API_VERSION } from "../../src/adapters/stripe/create_stripe_client.ts";

/** Another version carries another version of Stripe's API, and other differences to ours. */
const VERSION = "v0.203.0";
const MODULE = `github.com/stripe/stripe-mock@${VERSION}`;
const BIN = fileURLToPath(
  new URL(`../../node_modules/.cache/stripe_mock/${VERSION}`, import.meta.url),
);

/** The mock's own version of the API: it refuses to make endpoints of a newer one. */
const NEWEST_KNOWN = "2026-08-26.dahlia";

/**
 * What the mock's version has otherwise than ours: there an anchor is a word, and a resumption knows
 * one way to be paid.
 */
const DIFFERENCES = [
  [`api_version=${STRIPE_API_VERSION}`, `api_version=${NEWEST_KNOWN}`],
  ["billing_cycle_anchor][type]=now", "billing_cycle_anchor]=now"],
  ["billing_cycle_anchor[type]=", "billing_cycle_anchor="],
  ["payment_behavior=resume_on_payment_success&", ""],
] as const;

const execute = promisify(execFile);

/** Stripe's own mock, where it can be had. */
export interface StripeMock {
  readonly program: string;
  /** Stripe's description of its API, which the mock carries. */
  readonly specification: string;
}

/** Fetches and builds the mock, once per machine; why it is not there, where Go is missing. */
export async function findStripeMock(): Promise<StripeMock | { readonly reason: string }> {
  try {
    const { stdout } = await execute("go", ["mod", "download", "-json", MODULE]);
    const { Dir: folder } = JSON.parse(stdout) as { Dir: string };
    const program = join(BIN, "stripe-mock");
    if (!existsSync(program)) {
      await execute("go", ["install", MODULE], { env: { ...process.env, GOBIN: BIN } });
    }
    return { program, specification: join(folder, "embedded/openapi/spec3.json") };
  } catch (error) {
    return { reason: String(error instanceof Error ? error.message : error) };
  }
}

/** A request as it reached the mock, and what the mock thought of it. */
export interface MockedRequest {
  /** Method and path, ids replaced by `:id`. */
  readonly route: string;
  readonly status: number;
  /** The mock's answer where it refused. */
  readonly refusal: string;
}

/** The running mock, behind a server that writes down what it is asked. */
export interface RunningMock {
  readonly url: string;
  readonly requests: readonly MockedRequest[];
  stop(): Promise<void>;
}

/** Starts the mock on a free port. */
export async function startStripeMock({ program }: StripeMock): Promise<RunningMock> {
  const child = spawn(program, ["-http-port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const port = await portOf(child.stdout);
  const requests: MockedRequest[] = [];
  const server = createServer(async (request, response) => {
    const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, {
      method: request.method ?? "GET",
      headers: headersOf(request),
      ...(request.method === "POST" && { body: await bodyOf(request) }),
    });
    const text = await answer.text();
    const { status } = answer;
    requests.push({ route: routeOf(request), status, refusal: status < 400 ? "" : text });
    response.writeHead(status, { "content-type": "application/json" }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

async function portOf(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const port = /HTTP[^S].*?:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      output.resume();
      return Number(port);
    }
  }
  throw new Error("Cannot start stripe-mock: it ended before it listened");
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = ["authorization", "content-type", "idempotency-key"];
  return Object.fromEntries(
    kept.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
  }
  return DIFFERENCES.reduce((sent, [ours, its]) => sent.replace(ours, its), body);
}

function routeOf({ method, url = "" }: IncomingMessage): string {
  const path = url
    .split("?")[0]
    ?.replaceAll(/\/(\w+_\w+)(?=\/|$)/g, (part, id: string) =>
      /^(payment_intents|subscription_items|webhook_endpoints|billing_portal|create_preview|invoice_payments)$/.test(
        id,
      )
        ? part
        : "/:id",
    );
  return `${method} ${path}`;
}
