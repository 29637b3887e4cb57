/** The exit codes of what a signal has ended, as shells count them: 128 and its number. */
const CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** The exit code of a program that is ended by a signal. */
export function stopCode(signal: string): number {
  return CODES[signal] ?? 1;
}

/** A command was told to stop and did so before it was done. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
  readonly exitCode: number;

  /**
   * @param signal its name
   * @param advice what became of the work, and what to do
   */
  constructor(signal: string, advice: string | null) {
    super(`Stopped by ${signal}${advice === null ? "" : `: ${advice}`}`);
    this.exitCode = stopCode(signal);
  }
}
