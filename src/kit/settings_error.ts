/** The environment cannot be used; the message lists every setting that needs attention. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  /** A sentence per setting; none shows a secret's value. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Cannot start: these settings need attention\n  - ${problems.join("\n  - ")}`);
    this.problems = problems;
  }
}
