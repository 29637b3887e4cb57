import type { Command } from "commander";
import { CommandOutput } from "../../../src/adapters/cli/command_output.ts";
import type { Commands } from "../../../src/adapters/cli/commands.ts";
import { createProgram } from "../../../src/adapters/cli/create_program.ts";

const NOWHERE = { writeOut: () => undefined, writeErr: () => undefined, errColumns: null };

/** A command of the program. */
export interface NamedCommand {
  /** The words that call it; empty for the program itself. */
  readonly words: readonly string[];
  readonly command: Command;
  /** Whether it does something itself. */
  readonly isLeaf: boolean;
}

/** Every command of the program, the program itself first. */
export function allCommands(): readonly NamedCommand[] {
  const output = new CommandOutput(NOWHERE, { json: false, stop: new AbortController().signal });
  return below(createProgram({} as Commands, output), []);
}

function below(command: Command, words: readonly string[]): NamedCommand[] {
  const isLeaf = command.commands.length === 0;
  const children = command.commands.flatMap((child) => below(child, [...words, child.name()]));
  return [{ words, command, isLeaf }, ...children];
}
