import { once } from "node:events";
import { EXIT_CODES } from "./adapters/cli/command_output.ts";
import { runProgram } from "./adapters/cli/create_program.ts";
import { stopCode } from "./adapters/cli/stopped_error.ts";
import { operatorCommands } from "./composition/commands/operator_commands.ts";
import { parseSettings, type Settings, secretsIn } from "./composition/settings.ts";
import { formatWelcome } from "./composition/welcome.ts";
import { exitOnceWritten } from "./kit/exit_once_written.ts";
import { listenError } from "./kit/listen_error.ts";
import { createLogger } from "./kit/logger.ts";
import { SettingsError } from "./kit/settings_error.ts";
import { watchOutput } from "./kit/watch_output.ts";

function readSettings(): Settings {
  const parsed = parseSettings(process.env);
  if (!parsed.ok) {
    throw new SettingsError(parsed.problems);
  }
  return parsed.settings;
}

async function serve(): Promise<void> {
  const settings = readSettings();
  const logger = createLogger({ level: settings.logLevel, secrets: secretsIn(settings) });
  const { startService } = await import("./composition/service.ts");
  const sandbox = settings.stripeSecretKey === null ? await startSandbox(settings) : null;
  const service = await startService(settings, { logger, sandbox });
  logger.info({ url: service.url }, "Listening");
  if (service.welcome !== null) {
    process.stdout.write(formatWelcome(service.welcome));
  }
  if (!stop.aborted) {
    await once(stop, "abort");
  }
  logger.info({ signal: stop.reason }, "Stopping");
  await service.stop();
}

async function startSandbox({ host, sandboxPort: port, sandboxState: statePath }: Settings) {
  const { startSandbox } = await import("../sandbox/mod.ts");
  try {
    return await startSandbox({ port, host, ...(statePath !== null && { statePath }) });
  } catch (error) {
    // By the settings of the service, which are others than the sandbox's own.
    const cause = error instanceof Error ? error.cause : undefined;
    throw cause instanceof Error ? listenError(cause, `${host}:${port}`, "SANDBOX_PORT") : error;
  }
}

/** Aborts with the first signal, which asks to stop; a second one, of whatever kind, does not wait. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) {
        process.exit(stopCode(signal));
      }
      stop.abort(signal);
    });
  }
  return stop.signal;
}

const stop = stopSignal();
watchOutput(EXIT_CODES.problem);

/** Whoever runs the program, as the system names them. */
const { SUDO_USER, USER, LOGNAME } = process.env;
const operator = SUDO_USER || USER || LOGNAME || "unknown";

const exitCode = await runProgram(process.argv.slice(2), {
  commands: {
    serve,
    ...operatorCommands(readSettings, operator),
  },
  terminal: {
    writeOut: (text) => process.stdout.write(text),
    writeErr: (text) => process.stderr.write(text),
    errColumns: process.stderr.isTTY ? process.stderr.columns : null,
  },
  stop,
});
if (exitCode !== EXIT_CODES.ok) {
  await exitOnceWritten(exitCode);
}
