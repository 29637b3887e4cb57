import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Stripe } from "stripe";
import { parseForm } from "../../../sandbox/api/form.ts";
import type { Sandbox } from "../../../sandbox/mod.ts";

/** A call that the other SDK made or could not make. */
export interface BridgedCall {
  readonly method: string;
  readonly path: string;
  /** The HTTP status of the sandbox's answer; null where the SDK failed by itself. */
  readonly status: number | null;
  /** Why it was refused or failed; empty for an answer. */
  readonly reason: string;
  /** What the SDK is too old for, where it made the request by its method for any request. */
  readonly untyped: string | null;
}

/** A client of stripe-node whose every request another SDK makes in its place. */
export interface SdkBridge {
  readonly stripe: Stripe;
  readonly calls: readonly BridgedCall[];
  stop(): Promise<void>;
}

interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly failure?: string;
  readonly untyped?: string;
}

/**
 * Starts another SDK's bridge, a program that takes the URL as its last parameter. A request of
 * the client becomes a call of that SDK's own typed method for the route, and what was answered
 * to it comes back. A call that the SDK cannot make or read is answered with 599.
 */
export function startSdkBridge(sandbox: Sandbox, command: readonly string[]): SdkBridge {
  const [program = "", ...parameters] = command;
  const child = spawn(program, [...parameters, sandbox.url], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const calls: BridgedCall[] = [];
  const ask = async (request: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    return done ? { failure: "the SDK's program ended" } : JSON.parse(value);
  };
  const bridged: typeof fetch = async (input, init) => {
    const { pathname: path, search } = new URL(String(input));
    const method = init?.method ?? "GET";
    const form = [search.slice(1), String(init?.body ?? "")].filter(Boolean).join("&");
    const answer = await ask({ method, path, params: parseForm(form), form });
    const { status = 599, body = failureBody(answer.failure) } = answer;
    const reason = status < 400 ? "" : JSON.parse(body).error.message;
    calls.push({
      method,
      path,
      status: answer.status ?? null,
      reason,
      untyped: answer.untyped ?? null,
    });
    return new Response(body, { status, headers: { "content-type": "application/json" } });
  };
  const stripe = new Stripe("sk_test_bridge", {
    host: sandbox.host,
    port: sandbox.port,
    protocol: "http" as const,
    telemetry: false,
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(serially(bridged)),
  });
  return { stripe, calls, stop: () => end(child) };
}

/** One call after the other, in the order in which they came. */
function serially(call: typeof fetch): typeof fetch {
  let last: Promise<unknown> = Promise.resolve();
  return (input, init) => {
    const next = last.then(() => call(input, init));
    last = next.catch(() => undefined);
    return next;
  };
}

function failureBody(failure = "nothing was answered"): string {
  return JSON.stringify({ error: { type: "api_error", message: failure } });
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.stdin?.end();
  await ended;
}
