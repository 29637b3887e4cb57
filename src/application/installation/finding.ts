const MAX_SHOWN = 5;

/** A result of checking the installation. */
export interface Finding {
  /** What was checked, in snake case. */
  readonly check: string;
  readonly status: "ok" | "warning" | "problem";
  /** What was found; never shows a secret's value. */
  readonly message: string;
  /** What to do; `null` if nothing is wrong. */
  readonly fix: string | null;
}

/** A check that found nothing wrong. */
export function ok(check: string, message: string): Finding {
  return { check, status: "ok", message, fix: null };
}

/** Something that may be intended. */
export function warning(check: string, message: string, fix: string): Finding {
  return { check, status: "warning", message, fix };
}

/** Something that keeps the service from working as it should. */
export function problem(check: string, message: string, fix: string): Finding {
  return { check, status: "problem", message, fix };
}

/** Joins texts for a message, at most five of them. */
export function shortened(all: readonly string[]): string {
  const more = all.length - MAX_SHOWN;
  return all.slice(0, MAX_SHOWN).join("; ") + (more > 0 ? `; and ${more} more` : "");
}
