import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { init, parse } from "es-module-lexer";

/** A file that browsers may cache forever, because its name contains the hash of its content. */
export interface Asset {
  readonly name: string;
  readonly type: "text/javascript" | "text/css";
  readonly content: string;
}

/** The files for browsers by name, each after those it depends on. */
export type Assets = ReadonlyMap<string, Asset>;

const HASH_LENGTH = 16;
/** Resolves packages from here, because there must be only one copy of each, whoever imports it. */
const resolvePackage = (specifier: string) => import.meta.resolve(specifier);

/**
 * Reads style sheets and modules with everything they import, and names each file by its content.
 * Rewrites imports to these names, so a change of a module renames every module that imports it.
 * Turns a style sheet imported by a module into a module that exports its text.
 *
 * @throws {Error} when a file cannot be read, or modules import each other in a circle
 */
export class AssetCollector {
  readonly #assets = new Map<string, Asset>();
  readonly #names = new Map<string, Promise<string>>();

  /** Everything added so far. */
  get assets(): Assets {
    return this.#assets;
  }

  /** Adds a module with everything it imports; returns its name. */
  async addModule(url: URL): Promise<string> {
    await init();
    return await this.#module(url.href, []);
  }

  /** Adds a style sheet unchanged; returns its name. */
  async addStyleSheet(url: URL): Promise<string> {
    return this.#add(url.href, "text/css", await readFile(url, "utf8"));
  }

  #module(href: string, importers: readonly string[]): Promise<string> {
    if (importers.includes(href)) {
      throw new Error(`Cannot name the modules by their content: ${href} imports itself`);
    }
    const known = this.#names.get(href);
    if (known !== undefined) {
      return known;
    }
    const name = this.#read(href, [...importers, href]);
    this.#names.set(href, name);
    return name;
  }

  async #read(href: string, importers: readonly string[]): Promise<string> {
    const text = withoutSourceMap(await readFile(new URL(href), "utf8"));
    if (href.endsWith(".css")) {
      return this.#add(href, "text/javascript", `export default ${JSON.stringify(text)};\n`);
    }
    let rewritten = "";
    let position = 0;
    for (const found of parse(text, href)[0]) {
      if (found.type === "import-meta") {
        continue;
      }
      if (found.type === "dynamic") {
        throw new Error(`Cannot rewrite a dynamic import: ${href} has one`);
      }
      const name = await this.#module(targetOf(found.specifier, href), importers);
      rewritten += `${text.slice(position, found.start)}./${name}`;
      position = found.end;
    }
    return this.#add(href, "text/javascript", rewritten + text.slice(position));
  }

  #add(href: string, type: Asset["type"], content: string): string {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, HASH_LENGTH);
    const base = posix.basename(new URL(href).pathname).replace(/\.\w+$/, "");
    const name = `${base}-${hash}.${type === "text/css" ? "css" : "js"}`;
    this.#assets.set(name, { name, type, content });
    return name;
  }
}

function targetOf(specifier: string, importer: string): string {
  return /^\.{0,2}\//.test(specifier)
    ? new URL(specifier, importer).href
    : resolvePackage(specifier);
}

/** Removes the reference to a source map, which is not served. */
function withoutSourceMap(text: string): string {
  return text
    .replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n")
    .replace(/\/\*# sourceMappingURL=\S+ \*\/\s*$/, "");
}
