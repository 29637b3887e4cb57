import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { type SandboxOptions, startSandbox } from "./mod.ts";

interface Flags {
  port?: number;
  host?: string;
  state?: string;
  webhookUrl?: string;
}

const program = new Command("sandbox")
  .description("A local server that speaks Stripe's API. No real money moves.")
  .option("--port <number>", "port to listen on, 0 for any (SANDBOX_PORT, 12111)", parsePort)
  .option("--host <address>", "address to listen on (SANDBOX_HOST, 127.0.0.1)")
  .option("--state <file>", "keep the state in this file (SANDBOX_STATE, memory only)")
  .option("--webhook-url <url>", "send signed events there (SANDBOX_WEBHOOK_URL)")
  .addHelpText("after", "\nThe webhook's signing secret is read from SANDBOX_WEBHOOK_SECRET only.")
  .action(run);

await program.parseAsync();

async function run(flags: Flags): Promise<void> {
  const options = readOptions(flags, process.env);
  const sandbox = await startSandbox(options).catch((error: unknown) => refuse(String(error)));
  const endpoint = options.webhookEndpoints?.[0]?.url;
  process.stdout.write(`Sandbox listens on ${sandbox.url} (no real money)\n`);
  process.stdout.write(`Webhooks: ${endpoint ?? "none; create an endpoint through the API"}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void sandbox.close().then(() => process.exit(0));
    });
  }
}

function readOptions(flags: Flags, env: NodeJS.ProcessEnv): SandboxOptions {
  const port = flags.port ?? (env.SANDBOX_PORT ? readPort(env.SANDBOX_PORT) : undefined);
  const host = flags.host ?? env.SANDBOX_HOST;
  const statePath = flags.state ?? env.SANDBOX_STATE;
  const url = flags.webhookUrl ?? env.SANDBOX_WEBHOOK_URL;
  const secret = env.SANDBOX_WEBHOOK_SECRET;
  if (url && !secret) {
    refuse("Cannot send webhooks: SANDBOX_WEBHOOK_SECRET is not set");
  }
  return {
    ...(port !== undefined && { port }),
    ...(host && { host }),
    ...(statePath && { statePath }),
    ...(url && secret && { webhookEndpoints: [{ url, secret }] }),
  };
}

function readPort(value: string): number | undefined {
  return isPort(value) ? Number(value) : refuse("Bad SANDBOX_PORT: a port is from 0 to 65535");
}

function parsePort(value: string): number {
  if (!isPort(value)) {
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  }
  return Number(value);
}

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535;
}

function refuse(message: string): never {
  return program.error(message);
}
