import { parseSettings, type Settings } from "../../src/composition/settings.ts";
import type { Environment } from "../../src/kit/settings.ts";

/** The settings in an environment that has no mistakes. */
export function settingsOf(env: Environment): Settings {
  const parsed = parseSettings(env);
  if (!parsed.ok) {
    throw new Error(parsed.problems.join("; "));
  }
  return parsed.settings;
}
