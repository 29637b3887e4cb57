import { readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

/**
 * Bundles the entries of a built package where they are, so that a host reads a few files for each
 * instead of a hundred; what several entries need is in chunks that they share. Packages stay
 * outside, types as they are. Removes all other scripts but those that are served to browsers.
 *
 * @param folder the built package
 * @param entries paths below it
 * @param served the folder of what is served, below it
 */
export async function bundleEntries(
  folder: string,
  { entries, served }: { entries: readonly string[]; served: string },
): Promise<void> {
  const { metafile } = await build({
    entryPoints: entries.map((entry) => join(folder, entry)),
    outdir: folder,
    outbase: folder,
    chunkNames: "src/chunks/[name]-[hash]",
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node24",
    metafile: true,
    logLevel: "warning",
  });
  const kept = new Set(Object.keys(metafile.outputs).map((path) => relative(folder, path)));
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (path.endsWith(".js") && !kept.has(path) && !path.startsWith(`${served}/`)) {
      rmSync(join(folder, path));
    }
  }
}
