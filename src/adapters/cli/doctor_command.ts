import type { Command } from "commander";
import type { Finding } from "../../application/installation/finding.ts";
import { counted } from "../../domain/counted.ts";
import { reporting, withExamples } from "./command.ts";
import type { CommandOutput, CommandReport } from "./command_output.ts";

/** What the command does. */
export interface DoctorCommands {
  /** Checks the installation; changes nothing. */
  doctor(): Promise<readonly Finding[]>;
}

/** Adds `doctor` to the command line. */
export function addDoctorCommand(
  program: Command,
  { doctor }: DoctorCommands,
  output: CommandOutput,
): void {
  const command = program
    .command("doctor")
    .description(
      "check keys, webhook endpoint, secrets, catalogue, Portal, database and clock, and say how " +
        "to repair what is wrong; changes nothing, exits with 1 if there is a problem",
    );
  reporting(command, output, async () => findingsReport(await doctor()));
  withExamples(command, "doctor", "doctor --json");
}

function findingsReport(findings: readonly Finding[]): CommandReport {
  const count = (status: Finding["status"]) =>
    findings.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, message, fix }) => [
    `${status.padEnd(8)} ${check.padEnd(width)}  ${message}`,
    ...(fix === null ? [] : [`${" ".repeat(width + 11)}-> ${fix}`]),
  ]);
  const summary = `${counted(findings.length, "check")}: ${counted(problems, "problem")}, ${counted(warnings, "warning")}`;
  return {
    text: [...lines, summary].join("\n"),
    json: { ok: problems === 0, findings },
    problem: problems > 0,
  };
}
