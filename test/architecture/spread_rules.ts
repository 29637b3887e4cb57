import type { Violation } from "./architecture_rules.ts";
import { type SourceToken, sourceTokens } from "./source_tokens.ts";

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["[", "]"],
]);
const AFTER_AN_ELEMENT = [",", "}", "]", ")"];

/** Literals that are spread where they stand, which only saves lines. */
export function spreadViolations(file: string, text: string): Violation[] {
  const tokens = sourceTokens(text);
  return tokens.flatMap((token, index): Violation[] =>
    token.text === "..." && isWholeLiteral(tokens, index + 1)
      ? [{ file, rule: "spread", found: spreadText(tokens, index) }]
      : [],
  );
}

/** A literal that something is done with (`[1, 2].map(...)`) and a pattern are not whole ones. */
function isWholeLiteral(tokens: readonly SourceToken[], start: number): boolean {
  const opening = tokens[start]?.text ?? "";
  const closing = CLOSING.get(opening);
  if (closing === undefined || tokens[start]?.kind !== "other") {
    return false;
  }
  const after = tokens[endOf(tokens, start, { opening, closing }) + 1];
  return after?.kind === "other" && AFTER_AN_ELEMENT.includes(after.text);
}

function endOf(
  tokens: readonly SourceToken[],
  start: number,
  { opening, closing }: { opening: string; closing: string },
): number {
  let depth = 0;
  return tokens.findIndex(({ kind, text }, index) => {
    if (index >= start && kind === "other") {
      depth += text === opening ? 1 : text === closing ? -1 : 0;
    }
    return index >= start && depth === 0;
  });
}

function spreadText(tokens: readonly SourceToken[], index: number): string {
  const next = tokens.slice(index, index + 5).map(({ kind, text }) => {
    return kind === "string" ? JSON.stringify(text) : text;
  });
  return next.join(" ");
}
