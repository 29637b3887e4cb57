import type { Sandbox, SandboxOptions } from "../../sandbox/mod.ts";

/**
 * Starts a server in this process that answers as Stripe does: with Checkouts that a request pays,
 * signed webhooks, and a clock that can be moved. Needs `express` and `ws`. Close it after the test.
 *
 * @param options default: any free port, and nothing kept on disk
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await import("../../sandbox/mod.ts");
  return await sandbox.startSandbox({ port: 0, ...options });
}
