import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { usedRules } from "./used_rules.ts";

const CLIENT = "src/adapters/dashboard/client";

/**
 * Bundles the Billing page into a folder that takes the place of its sources: the element, the page
 * that uses it, what both share, and the page's style sheet. Of style sheets from packages, only
 * rules for classes remain that the page names somewhere.
 */
export async function bundleClient(folder: string): Promise<void> {
  await build({
    entryPoints: [`${CLIENT}/mailingcore_billing.js`, `${CLIENT}/page.js`],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target: "es2024",
    charset: "utf8",
    legalComments: "inline",
    chunkNames: "shared",
    plugins: [styleTexts(wordsOf(CLIENT))],
  });
  await build({
    entryPoints: [`${CLIENT}/page.css`],
    outdir: folder,
    minify: true,
    target: "es2024",
  });
}

/** Turns a style sheet that a module imports into its text. */
function styleTexts(words: ReadonlySet<string>): Plugin {
  return {
    name: "style texts",
    setup({ onLoad, esbuild }) {
      onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const sheet = readFileSync(path, "utf8");
        const { code } = await esbuild.transform(sheet, { loader: "css", minify: true });
        const isOurs = !path.includes("/node_modules/");
        const contents = isOurs ? code : usedRules(code, (name) => words.has(name));
        return { contents: contents.trim(), loader: "text" };
      });
    },
  };
}

/** All words in the modules, among them every class that they can give to an element. */
function wordsOf(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => file.endsWith(".js"))
    .map((file) => readFileSync(join(folder, file), "utf8"));
  return new Set(texts.flatMap((text) => text.match(/[\w-]+/g) ?? []));
}
