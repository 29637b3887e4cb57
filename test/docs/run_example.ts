import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

/** The page whose examples are run. */
export const PAGE: string = readFileSync(
  new URL("../../docs/embedding.md", import.meta.url),
  "utf8",
);

/** The first code in a language below a heading of the page. */
export function exampleBelow(heading: string, language: string): string {
  const [, section = ""] = PAGE.split(new RegExp(`^#+ ${heading}$`, "m"));
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(section) ?? [];
  if (code === undefined) {
    throw new Error(`The page shows no ${language} below "${heading}"`);
  }
  return code;
}

/**
 * What an example exports when it is run as it stands. The package's entries are the sources.
 *
 * @param env what it finds in the environment meanwhile
 */
export async function runExample<Exports>(
  heading: string,
  env: Readonly<Record<string, string>>,
): Promise<Exports> {
  const code = stripTypeScriptTypes(exampleBelow(heading, "ts"));
  const resolved = code.replaceAll(
    /from "([^"]+)"/g,
    (_, specifier) => `from "${import.meta.resolve(specifier)}"`,
  );
  const before = { ...process.env };
  Object.assign(process.env, { LEDGER_KEYS: `2026:${"k".repeat(32)}` }, env);
  try {
    return await import(`data:text/javascript,${encodeURIComponent(resolved)}`);
  } finally {
    process.env = before;
  }
}
