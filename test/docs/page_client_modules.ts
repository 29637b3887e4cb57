import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

const HOME = "src/adapters/client";

/** The modules of the API's client that the Billing page loads, by the path they are written to. */
export function pageClientModules(): ReadonlyMap<string, string> {
  const names = ["client_errors", "create_billing_client"];
  return new Map(
    names.map((name) => [
      `src/adapters/dashboard/client/service/${name}.js`,
      browserModule(`${HOME}/${name}.ts`),
    ]),
  );
}

/** A source without its types and what documents them. */
function browserModule(source: string): string {
  const script = stripTypeScriptTypes(readFileSync(source, "utf8"))
    .replaceAll(/\/\*\*[\s\S]*?\*\//gu, "")
    .replaceAll(/(from "\.\/\w+)\.ts"/gu, '$1.js"');
  const text = `// @ts-nocheck\n// Written by \`npm run docs\` from ${source}, which has the types.\n${script}`;
  const command = ["format", `--stdin-file-path=${source.replace(".ts", ".js")}`];
  return execFileSync("node_modules/.bin/biome", command, { input: text, encoding: "utf8" });
}
