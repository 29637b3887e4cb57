import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

/** How a command of Stripe's command line ended. */
export interface CliResult {
  readonly code: number;
  readonly output: string;
}

/** A command that goes on until it is stopped. */
export interface CliListener {
  /** What was printed so far. */
  readonly lines: readonly string[];
  /** Resolves with the first line that matches, of those printed so far and those to come. */
  line(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Stripe's command line, pointed at a sandbox. */
export interface StripeCli {
  run(...parameters: string[]): Promise<CliResult>;
  listen(...parameters: string[]): CliListener;
  /** `stripe logs tail`. */
  tail(...parameters: string[]): CliListener;
}

/** The command line that npm has installed in a folder, with a home of its own. */
export function stripeCli(folder: string, sandboxUrl: string): StripeCli {
  // The command that npm links is a script around this program, which it does not stop.
  const vendor = join(folder, "node_modules/@stripe");
  const platform = readdirSync(vendor).find((name) => name.startsWith("cli-")) ?? "cli";
  const program = join(vendor, platform, "bin/stripe");
  const home = mkdtempSync(join(tmpdir(), "stripe-cli-"));
  // Its telemetry has nobody to tell here, and a race of its own that ends the program.
  const optedOut = { STRIPE_CLI_TELEMETRY_OPTOUT: "1" };
  const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, ...optedOut };
  const common = ["--api-key", "sk_test_sandbox", "--api-base", sandboxUrl, "--color", "off"];
  return {
    run: (...parameters) =>
      new Promise((resolve) => {
        execFile(program, [...parameters, ...common], { env }, (error, stdout, stderr) => {
          const code = typeof error?.code === "number" ? error.code : 0;
          resolve({ code, output: stdout + stderr });
        });
      }),
    listen: (...parameters) =>
      listenerOf(spawn(program, ["listen", ...parameters, "--skip-update", ...common], { env })),
    tail: (...parameters) =>
      listenerOf(spawn(program, ["logs", "tail", ...parameters, ...common], { env })),
  };
}

function listenerOf(child: ChildProcess): CliListener {
  const lines: string[] = [];
  let notice = Promise.withResolvers<void>();
  for (const output of [child.stdout, child.stderr]) {
    if (output !== null) {
      createInterface({ input: output }).on("line", (line) => {
        lines.push(line);
        notice.resolve();
        notice = Promise.withResolvers();
      });
    }
  }
  return {
    lines,
    line: async (pattern) => {
      for (;;) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) {
          return found;
        }
        await notice.promise;
      }
    },
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGINT");
      await ended;
    },
  };
}
