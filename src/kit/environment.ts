/** Environment variables by name; empty ones count as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings from environment variables, and notes what is wrong with them. */
export interface EnvironmentReader {
  /** The value without surrounding blanks, or `null` when unset. */
  text(name: string): string | null;
  /** The parts of a comma-separated value. */
  list(name: string): readonly string[];
  /** A whole number within bounds. */
  integer(name: string, fallback: number, bounds: readonly [number, number]): number;
  /** `true` or `false`. */
  flag(name: string, fallback: boolean): boolean;
  /** An absolute http or https URL, or `null` when unset. */
  url(name: string): string | null;
}

/** A reader that adds a sentence to `problems` for everything that is wrong; never a value. */
export function readEnvironment(env: Environment, problems: string[]): EnvironmentReader {
  const text = (name: string) => env[name]?.trim() || null;
  return {
    text,
    list: (name) =>
      (text(name) ?? "")
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    integer: (name, fallback, [least, most]) => {
      const value = text(name);
      const number = value === null ? fallback : /^\d{1,9}$/.test(value) ? Number(value) : NaN;
      if (!(number >= least && number <= most)) {
        problems.push(`${name} must be a whole number from ${least} to ${most}`);
      }
      return number;
    },
    flag: (name, fallback) => {
      const value = text(name);
      if (value !== null && value !== "true" && value !== "false") {
        problems.push(`${name} must be true or false`);
      }
      return value === null ? fallback : value === "true";
    },
    url: (name) => {
      const value = text(name);
      if (value !== null && !/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : "")) {
        problems.push(`${name} must be an absolute URL that begins with https:// or http://`);
      }
      return value;
    },
  };
}
