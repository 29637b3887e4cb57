import type { Command } from "commander";
import type { CommandOutput, CommandReport } from "./command_output.ts";
import { StoppedError } from "./stopped_error.ts";

/** How a command ends that is told to stop: at once, with advice or none, or by itself. */
export type Stopping = { readonly advice: string | (() => string) } | "by_itself";

/**
 * Prints the report of `work` when the command runs: as text or, with `--json`, as JSON. Work that is
 * told to stop is left as it is, unless it stops by itself after what is in hand.
 */
export function reporting<Args extends unknown[]>(
  command: Command,
  output: CommandOutput,
  work: (...args: Args) => Promise<CommandReport>,
  stopping?: Stopping,
): Command {
  const begin = stopping === "by_itself" ? announcingStop : unlessStopped;
  return command
    .option("--json", "print the result, or the error, as JSON")
    .action(async (...args: Args) =>
      output.report(await begin(() => work(...args), output, stopping)),
    );
}

async function announcingStop<T>(work: () => Promise<T>, output: CommandOutput): Promise<T> {
  const announce = () =>
    output.progress("Stopping after what is in hand; once more ends it at once");
  output.stop.addEventListener("abort", announce);
  try {
    return await work();
  } finally {
    output.stop.removeEventListener("abort", announce);
  }
}

async function unlessStopped<T>(
  work: () => Promise<T>,
  { stop }: CommandOutput,
  stopping?: Stopping,
): Promise<T> {
  if (stop.aborted) {
    throw new StoppedError(stop.reason, null);
  }
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const onStop = () => {
    const advice = typeof stopping === "object" ? stopping.advice : null;
    reject(new StoppedError(stop.reason, typeof advice === "function" ? advice() : advice));
  };
  stop.addEventListener("abort", onStop);
  try {
    return await Promise.race([stopped, work()]);
  } finally {
    stop.removeEventListener("abort", onStop);
  }
}

/** The advice where running a command again completes it. */
export const RUN_AGAIN = { advice: "run it again, which does what is left" } as const;

/** Adds examples to a command's help: arguments of the program, without its name. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  npm run cli -- ${example}`.trimEnd());
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** What commands that read the store need. */
export interface BillingCommands<UseCases> {
  withBilling<T>(work: (billing: UseCases) => Promise<T>): Promise<T>;
}
