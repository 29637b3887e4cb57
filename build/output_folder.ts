import process from "node:process";

/** The folder that a build is told to write into; ends the process with 2 for anything else. */
export function outputFolder(fallback: string): string {
  const [folder = fallback, ...rest] = process.argv.slice(2);
  if (rest.length > 0 || folder.startsWith("-")) {
    const words = process.argv.slice(2).join(" ");
    process.stderr.write(`Cannot build "${words}": expected [folder], by default ${fallback}\n`);
    process.exit(2);
  }
  return folder;
}
