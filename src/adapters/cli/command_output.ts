import { CommanderError } from "commander";
import { SettingsError } from "../../kit/settings_error.ts";
import { StoppedError, stopCode } from "./stopped_error.ts";

/** Exit codes of the program. */
export const EXIT_CODES = {
  ok: 0,
  /** The command failed, or found something that needs attention. */
  problem: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The environment is wrong. */
  settings: 78,
} as const;

/** Where a program writes. */
export interface Terminal {
  writeOut(text: string): void;
  writeErr(text: string): void;
  /** Width of the terminal on standard error in columns; `null` if it is no terminal. */
  readonly errColumns: number | null;
}

/** The result of a command. */
export interface CommandReport {
  /** Text for people, without a final line break. */
  readonly text: string;
  /** The same as a value, for `--json`. */
  readonly json: unknown;
  /** Whether something needs attention, which makes the program exit with 1. Default: false. */
  readonly problem?: boolean;
  /** Whether the command was told to stop and left something undone. Default: false. */
  readonly stopped?: boolean;
}

const CLEAR_LINE = "\r\u001b[K";

/**
 * The only place that prints. Results go to standard output, as text or JSON; progress and errors
 * go to standard error. Output cannot move the terminal's cursor, except for progress, which uses
 * one line and clears it.
 */
export class CommandOutput {
  readonly #terminal: Terminal;
  readonly #json: boolean;
  /** Aborts, with the signal's name, when the program is told to stop. */
  readonly stop: AbortSignal;
  #hasProgress = false;
  #exitCode: number = EXIT_CODES.ok;

  constructor(terminal: Terminal, { json, stop }: { json: boolean; stop: AbortSignal }) {
    this.#terminal = terminal;
    this.#json = json;
    this.stop = stop;
  }

  /** The exit code so far. */
  get exitCode(): number {
    return this.#exitCode;
  }

  /** Shows progress: in place on a terminal, otherwise as a line, and never together with JSON. */
  progress(line: string): void {
    const { errColumns } = this.#terminal;
    if (errColumns !== null) {
      const cut = printable(line).slice(0, Math.max(0, errColumns - 1));
      this.#terminal.writeErr(`${CLEAR_LINE}${cut}`);
      this.#hasProgress = true;
    } else if (!this.#json) {
      this.#terminal.writeErr(`${printable(line)}\n`);
    }
  }

  /** Prints the result of a command. */
  report({ text, json, problem = false, stopped = false }: CommandReport): void {
    this.#endProgress();
    this.#terminal.writeOut(this.#json ? jsonText(json) : `${printableLines(text)}\n`);
    this.#exitCode = problem ? EXIT_CODES.problem : this.#exitCode;
    if (stopped) {
      this.#exitCode = stopCode(this.stop.reason);
    }
  }

  /** Prints why a command failed, without the stack. */
  fail(error: unknown): void {
    this.#endProgress();
    this.#exitCode = exitCodeOf(error);
    const isExplained = error instanceof CommanderError && !this.#json;
    if (this.#exitCode === EXIT_CODES.ok || isExplained) {
      return;
    }
    const message = messageOf(error);
    const problems: unknown = Reflect.get(Object(error), "problems");
    const details = { message, exitCode: this.#exitCode, ...(problems ? { problems } : {}) };
    this.#terminal.writeErr(
      this.#json ? jsonText({ error: details }) : `${printableLines(message)}\n`,
    );
  }

  /** Prints Commander's message about an invalid command line. */
  explain(text: string): void {
    if (!this.#json) {
      this.#terminal.writeErr(text);
    }
  }

  /** Prints the help that was asked for. */
  help(text: string): void {
    this.#terminal.writeOut(text);
  }

  #endProgress(): void {
    if (this.#hasProgress) {
      this.#terminal.writeErr(CLEAR_LINE);
      this.#hasProgress = false;
    }
  }
}

/** The text on one line, without control characters. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{C}]/gu, "?");
}

function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** JSON without raw control characters. */
function jsonText(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replaceAll(/[\u007f-\u009f]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)}\n`;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof StoppedError) {
    return error.exitCode;
  }
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  }
  return error instanceof SettingsError ? EXIT_CODES.settings : EXIT_CODES.problem;
}

function messageOf(error: unknown): string {
  if (error instanceof CommanderError) {
    return error.code === "commander.help"
      ? "Cannot run: a command is missing, see --help"
      : error.message.replace(/^error: /, "");
  }
  return error instanceof Error ? error.message : "Cannot go on: unknown error";
}
