import type { Command } from "commander";
import type { CommandOutput, CommandReport } from "./command_output.ts";

/** Prints the report of `work` when the command runs: as text or, with `--json`, as JSON. */
export function reporting<Args extends unknown[]>(
  command: Command,
  output: CommandOutput,
  work: (...args: Args) => Promise<CommandReport>,
): Command {
  return command
    .option("--json", "print the result, or the error, as JSON")
    .action(async (...args: Args) => output.report(await work(...args)));
}

/** Adds examples to a command's help: arguments of the program, without its name. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const lines = examples.map((example) => `  npm run cli -- ${example}`.trimEnd());
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** What commands that read the store need. */
export interface BillingCommands<UseCases> {
  withBilling<T>(work: (billing: UseCases) => Promise<T>): Promise<T>;
}
