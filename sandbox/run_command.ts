import process from "node:process";
import { createCommand } from "./command.ts";
import { startSandbox } from "./sandbox.ts";
import { formatWelcome } from "./welcome.ts";

/** Runs the command with the arguments of this process until a signal ends it. */
export async function runCommand(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    // Where nobody reads on, as after `| head -1`, the sandbox goes on without printing.
    stream.on("error", () => undefined);
  }
  const command = createCommand(async ({ webhooks, webhookSecret, ...options }) => {
    const sandbox = await startSandbox({
      ...options,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    const endpoints = webhooks.map((url) => ({
      url,
      secret: sandbox.addWebhookEndpoint({ url, ...(webhookSecret && { secret: webhookSecret }) }),
      secretIsKnown: webhookSecret !== undefined,
    }));
    process.stdout.write(formatWelcome(sandbox, { endpoints, statePath: options.statePath }));
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
    }
  });

  await command.parseAsync().catch((error: unknown) => {
    command.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  });
}
