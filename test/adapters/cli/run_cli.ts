import type { Commands } from "../../../src/adapters/cli/commands.ts";
import { runProgram } from "../../../src/adapters/cli/create_program.ts";

/** What a run of the program printed, and how it ended. */
export interface CliRun {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Runs the program in this process; commands that a test does not give fail. */
export async function runCli(
  args: readonly string[],
  commands: Partial<Commands> = {},
  {
    errColumns = null,
    stop = new AbortController().signal,
  }: { errColumns?: number | null; stop?: AbortSignal } = {},
): Promise<CliRun> {
  let out = "";
  let err = "";
  const code = await runProgram(args, {
    commands: { ...UNEXPECTED, ...commands },
    terminal: {
      writeOut: (text) => {
        out += text;
      },
      writeErr: (text) => {
        err += text;
      },
      errColumns,
    },
    stop,
  });
  return { out, err, code };
}

function unexpected(): never {
  throw new Error("Cannot run: the test does not expect this command");
}

const UNEXPECTED: Commands = {
  operator: "root",
  serve: unexpected,
  withBilling: unexpected,
  syncPlans: unexpected,
  doctor: unexpected,
  indexes: unexpected,
  migrate: unexpected,
};
