import type { Violation } from "./architecture_rules.ts";
import type { SourceTree } from "./source_graph.ts";
import { constructedClasses, exportedTypes } from "./source_imports.ts";

/** Use cases that the application makes in more than one place, at each further one. */
export function constructionViolations(tree: SourceTree): Violation[] {
  const sources = [...tree].filter(([file]) => file.startsWith("src/application/"));
  const useCases = new Set(
    sources
      .filter(([, text]) => /\bexecute[(<]/.test(text))
      .flatMap(([, text]) => exportedTypes(text, "class")),
  );
  const madeIn = new Map<string, string>();
  return sources.flatMap(([file, text]) =>
    constructedClasses(text)
      .filter((name) => useCases.has(name))
      .flatMap((name): Violation[] => {
        const first = madeIn.get(name);
        madeIn.set(name, first ?? file);
        return first === undefined
          ? []
          : [{ file, rule: "once", found: `new ${name}, which ${first} makes, too` }];
      }),
  );
}
