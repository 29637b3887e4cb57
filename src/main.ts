import { createProgram } from "./adapters/cli/create_program.ts";
import { type Config, parseConfig } from "./config.ts";
import type { ChangeCause } from "./domain/account_change.ts";
import { createLogger } from "./logger.ts";
import type { EmbeddedBilling } from "./mod.ts";
import { connectOperator } from "./operator.ts";
import { runningCause } from "./running_cause.ts";
import { connectBilling, startService, syncPlans } from "./service.ts";
import {
  migrateStore,
  type OperationReport,
  operateIndexes,
  type StoreKind,
} from "./store_operations.ts";
import { formatWelcome } from "./welcome.ts";

const EXIT_FAILURE = 1;
const EXIT_BAD_SETTINGS = 78;

function readConfig(): Config {
  const parsed = parseConfig(process.env);
  if (!parsed.ok) {
    fail(`Cannot start: these settings need attention\n  - ${parsed.problems.join("\n  - ")}`);
    process.exit(EXIT_BAD_SETTINGS);
  }
  return parsed.config;
}

async function serve(): Promise<void> {
  const config = readConfig();
  const stopRequested = stopSignal();
  const logger = createLogger({ level: config.logLevel });
  const sandbox = config.stripe === null ? await startSandbox(config) : null;
  const service = await startService(config, { logger, sandbox });
  logger.info({ url: service.url }, "Listening");
  if (service.welcome !== null) {
    process.stdout.write(formatWelcome(service.welcome));
  }
  const signal = await stopRequested;
  logger.info({ signal }, "Stopping");
  await service.stop();
}

async function startSandbox({ http, sandbox }: Config) {
  const { startSandbox } = await import("../sandbox/mod.ts");
  const { port, statePath } = sandbox;
  return await startSandbox({ port, host: http.host, ...(statePath !== null && { statePath }) });
}

/** The first signal asks to stop; a second one does not wait. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(EXIT_FAILURE));
        resolve(signal);
      });
    }
  });
}

async function publishPlans(): Promise<void> {
  const config = readConfig();
  const billing = await connectBilling(config, null);
  try {
    const created = await syncPlans(config, billing);
    const prices = created.length === 0 ? "every price was there" : `new: ${created.join(", ")}`;
    process.stdout.write(`Published ${config.plansFile}; ${prices}\n`);
  } finally {
    await billing.close();
  }
}

/** Exits with 1 while an index is missing or different, so that a deployment can wait for it. */
async function indexes(action: "sync" | "check"): Promise<void> {
  report(await operateIndexes(readConfig(), action));
}

async function migrate({ from, to }: { from: StoreKind; to: StoreKind }): Promise<void> {
  report(await migrateStore(readConfig(), { from, to, print: (line) => print(`${line}\n`) }));
}

function report({ ok, lines }: OperationReport): void {
  print(`${lines.join("\n")}\n`);
  process.exitCode = ok ? 0 : EXIT_FAILURE;
}

async function withBilling(work: (billing: EmbeddedBilling) => Promise<void>): Promise<void> {
  const billing = await connectOperator(readConfig());
  try {
    await runningCause.run(operatorCause(), () => work(billing));
  } finally {
    await billing.close();
  }
}

/** Whoever runs the command, as the system names them. */
function operatorCause(): ChangeCause {
  const { SUDO_USER, USER, LOGNAME } = process.env;
  return { type: "operator", name: SUDO_USER ?? USER ?? LOGNAME ?? "unknown" };
}

function print(text: string): void {
  process.stdout.write(text);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
}

try {
  const printProgress = (text: string) => process.stderr.write(text);
  const output = { print, printProgress };
  const commands = {
    ...{ serve, syncPlans: publishPlans, indexes, migrate, withBilling },
    ...output,
  };
  await createProgram(commands).parseAsync();
} catch (error) {
  fail(error instanceof Error ? error.message : "Cannot go on: unknown error");
  process.exit(EXIT_FAILURE);
}
