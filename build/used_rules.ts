const RULE = /([^{}]*)\{((?:[^{}]|\{[^{}]*\})*)\}/g;
const CLASS_NAME = /\.(-?[_a-z][\w-]*)/gi;

/**
 * A minified style sheet without the rules for classes that are not used. What stands inside
 * `:not(...)` does not count: those rules are for elements without the class. Other at-rules than
 * `@media` are kept as they are.
 */
export function usedRules(sheet: string, isUsed: (className: string) => boolean): string {
  return sheet.replace(RULE, (rule: string, selectors: string, content: string) => {
    if (selectors.startsWith("@media")) {
      const inner = usedRules(content, isUsed);
      return inner === "" ? "" : `${selectors}{${inner}}`;
    }
    if (selectors.startsWith("@")) {
      return rule;
    }
    const kept = selectorList(selectors).filter((selector) =>
      [...selector.replace(/:not\([^()]*\)/g, "").matchAll(CLASS_NAME)].every(([, name = ""]) =>
        isUsed(name),
      ),
    );
    return kept.length === 0 ? "" : `${kept.join(",")}{${content}}`;
  });
}

/** The selectors of a list; commas in parentheses separate none. */
function selectorList(selectors: string): string[] {
  return selectors.split(/,(?![^(]*\))/);
}
