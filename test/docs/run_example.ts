import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The page whose examples are run. */
export const PAGE: string = readFileSync(
  new URL("../../docs/embedding.md", import.meta.url),
  "utf8",
);

/** A piece of code that the page shows. */
export interface Snippet {
  readonly heading: string;
  readonly language: string;
  readonly code: string;
}

/** All code that the page shows, in order. */
export function snippets(): readonly Snippet[] {
  const fences = PAGE.matchAll(/^```(\w*)\n(.*?)^```$/gmsu);
  return [...fences].map(({ 1: language = "", 2: code = "", index }) => {
    const headings = PAGE.slice(0, index).match(/^#+ .*$/gmu) ?? [];
    const heading = headings.at(-1)?.replace(/^#+ /u, "") ?? "";
    return { heading, language, code };
  });
}

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
export function runExample<Exports>(
  heading: string,
  env: Readonly<Record<string, string>>,
): Promise<Exports> {
  return runCode(stripTypeScriptTypes(exampleBelow(heading, "ts")), env);
}

/** The same for an example with decorators, which need a compiler. */
export function runDecorated<Exports>(
  heading: string,
  env: Readonly<Record<string, string>>,
): Promise<Exports> {
  const folder = mkdtempSync(join(tmpdir(), "billing-example-"));
  try {
    const source = join(folder, "example.ts");
    writeFileSync(source, exampleBelow(heading, "ts"));
    const options = ["--ignoreConfig", "--noCheck", "--noResolve", "--experimentalDecorators"];
    const target = ["--target", "es2024", "--module", "esnext", "--outDir", folder];
    execFileSync("node_modules/.bin/tsc", [source, ...options, ...target, "--types", ""]);
    return runCode(readFileSync(join(folder, "example.js"), "utf8"), env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let runs = 0;

/** Runs code anew, also where the same was run before. */
async function runCode<Exports>(
  code: string,
  env: Readonly<Record<string, string>>,
): Promise<Exports> {
  const resolved = code.replaceAll(
    /from "([^"]+)"/g,
    (_, specifier) => `from "${import.meta.resolve(specifier)}"`,
  );
  runs += 1;
  const before = { ...process.env };
  Object.assign(process.env, { LEDGER_KEYS: `2026:${"k".repeat(32)}` }, env);
  try {
    return await import(`data:text/javascript,${encodeURIComponent(`${resolved}\n// ${runs}`)}`);
  } finally {
    process.env = before;
  }
}
