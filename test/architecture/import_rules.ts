import type { Rule } from "./architecture_rules.ts";
import { importTarget } from "./source_graph.ts";
import type { SourceImport } from "./source_imports.ts";
import { isAtHome, isSandboxVendor } from "./vendor_homes.ts";

const MAIN = "src/main.ts";
const ENTRY = "src/mod.ts";

/** Folders, from the most specific to the least, with what their files may import of ours. */
const MAY_IMPORT: readonly (readonly [folder: string, rule: Rule, allowed: readonly string[]])[] = [
  ["src/domain/", "domain", ["src/domain/"]],
  ["src/application/ports/", "ports", ["src/domain/", "src/application/ports/"]],
  ["src/application/", "application", ["src/domain/", "src/application/"]],
  ["src/kit/", "kit", ["src/kit/"]],
];
const ADAPTER_MAY_IMPORT = ["src/domain/", "src/application/", "src/kit/"];

/** The rules that one import of a file of `src` or of the sandbox breaks. */
export function brokenImportRules(file: string, { specifier, dynamic }: SourceImport): Rule[] {
  if (specifier === null) {
    return ["computed"];
  }
  const path = importTarget(file, specifier);
  const isOurs = specifier.startsWith(".");
  if (file.startsWith("sandbox/")) {
    const isItsOwn = isOurs ? path.startsWith("sandbox/") : isSandboxVendor(specifier);
    return isItsOwn ? [] : ["package"];
  }
  if (!isOurs) {
    const inside = insideRule(file);
    return [...(inside ? [inside] : []), ...(isAtHome(file, specifier) ? [] : ["vendor" as const])];
  }
  if (!path.startsWith("src/")) {
    const startsSandbox = file === MAIN && dynamic && path.startsWith("sandbox/");
    return startsSandbox ? [] : ["sandbox"];
  }
  return [...broken(folderRule(file, path)), ...broken(entryRule(path))];
}

/** The inside imports no package and no built-in module. */
function insideRule(file: string): Rule | null {
  const folder = MAY_IMPORT.find(([start]) => file.startsWith(start));
  return folder === undefined || folder[1] === "kit" ? null : folder[1];
}

function folderRule(file: string, path: string): Rule | null {
  const own = adapterOf(file);
  const [, rule, allowed] =
    own === null
      ? (MAY_IMPORT.find(([folder]) => file.startsWith(folder)) ?? [])
      : (["", "adapter", [...ADAPTER_MAY_IMPORT, own]] as const);
  return rule === undefined || allowed?.some((folder) => path.startsWith(folder)) ? null : rule;
}

/** What starts the program and what the library shows are imported by nobody. */
function entryRule(path: string): Rule | null {
  return path === MAIN || path === ENTRY ? "entry" : null;
}

function adapterOf(file: string): string | null {
  return /^src\/adapters\/[^/]+\//.exec(file)?.[0] ?? null;
}

function broken(rule: Rule | null): Rule[] {
  return rule === null ? [] : [rule];
}
