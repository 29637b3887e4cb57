import { Command, Help } from "commander";
import { addAttentionCommands } from "./attention_commands.ts";
import { addAuditCommands } from "./audit_commands.ts";
import { withExamples } from "./command.ts";
import { CommandOutput, type Terminal } from "./command_output.ts";
import type { Commands } from "./commands.ts";
import { addDoctorCommand } from "./doctor_command.ts";
import { addEventCommands } from "./event_commands.ts";
import { addLedgerCommands } from "./ledger_commands.ts";
import { addPlanCommands } from "./plan_commands.ts";
import { addReconcileCommand } from "./reconcile_command.ts";
import { addStoreCommands } from "./store_commands.ts";
import { addTenantCommands } from "./tenant_commands.ts";
import { addWebhookCommands } from "./webhook_commands.ts";

const ABOUT = [
  "MailingCore's billing service. Without a command, it is served.",
  "Settings come from the environment (docs/settings.md lists them), never from arguments: no secret is " +
    "ever to be written on the command line.",
  "Results go to standard output, progress and errors to standard error. Exit codes: 0 all is " +
    "well, 1 the command failed or found a problem, 2 the command line is wrong, 78 the settings " +
    "are wrong, 130 or 143 it was stopped, by Ctrl+C or by SIGTERM; a second time ends it at once.",
].join("\n\n");

/**
 * Runs the program and returns its exit code.
 *
 * @param args without the runtime and the script
 * @param stop aborts, with the signal's name, when the program is told to stop
 */
export async function runProgram(
  args: readonly string[],
  { commands, terminal, stop }: { commands: Commands; terminal: Terminal; stop: AbortSignal },
): Promise<number> {
  const output = new CommandOutput(terminal, { json: args.includes("--json"), stop });
  try {
    await createProgram(commands, output).parseAsync(withCommand(args), { from: "user" });
  } catch (error) {
    output.fail(error);
  }
  return output.exitCode;
}

/** Without a command the service is run; one that does not exist is refused. */
function withCommand(args: readonly string[]): readonly string[] {
  const isNamed = args.some((arg) => !arg.startsWith("-") || arg === "-h" || arg === "--help");
  return isNamed ? args : ["serve", ...args];
}

/** A description that has no room of this width beside what it describes stands below it. */
const NARROWEST = 24;

/** A line of help, or two, for an option, argument or command. */
function formatItem(term: string, termWidth: number, description: string, help: Help): string {
  const width = help.helpWidth ?? 80;
  return description === "" || width - termWidth - 4 >= NARROWEST
    ? Help.prototype.formatItem.call(help, term, termWidth, description, help)
    : `  ${term}\n      ${help.boxWrap(description, width - 6).replaceAll("\n", "\n      ")}`;
}

/** The command line of the service. */
export function createProgram(commands: Commands, output: CommandOutput): Command {
  const program = new Command("mailingcore-billing")
    .description(ABOUT)
    .exitOverride()
    .configureHelp({ minWidthToWrap: NARROWEST, formatItem })
    .configureOutput({
      writeOut: (text) => output.help(text),
      writeErr: (text) => output.explain(text),
    })
    .showHelpAfterError("Run with --help to see how it is used.");
  const serve = program
    .command("serve")
    .description("run the service; without Stripe settings, together with the sandbox")
    .action(() => commands.serve());
  withExamples(serve, "", "serve");
  addPlanCommands(program, commands, output);
  addDoctorCommand(program, commands, output);
  addEventCommands(program, commands, output);
  addAttentionCommands(program, commands, output);
  addAuditCommands(program, commands, output);
  addLedgerCommands(program, commands, output);
  addReconcileCommand(program, commands, output);
  addWebhookCommands(program, commands, output);
  addTenantCommands(program, commands, output);
  addStoreCommands(program, commands, output);
  return withExamples(program, "", "plans sync --dry-run", "doctor", "events list --state dead");
}
