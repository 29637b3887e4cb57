import type { SourceTree } from "./source_graph.ts";
import { sourceTokens } from "./source_tokens.ts";

/** A regular expression, and where it stands. */
export interface SourceExpression {
  readonly file: string;
  readonly expression: RegExp;
}

/** Every regular expression of the sources below a folder; the patterns of JSON Schemas too. */
export function sourceExpressions(tree: SourceTree, folder: string): SourceExpression[] {
  return [...tree]
    .filter(([file]) => file.startsWith(folder))
    .flatMap(([file, text]) => expressionsOf(text).map((expression) => ({ file, expression })));
}

function expressionsOf(text: string): RegExp[] {
  const tokens = sourceTokens(text);
  return tokens.flatMap((token, index) => {
    if (token.kind === "other" && /^\/.+\/[a-z]*$/s.test(token.text)) {
      const end = token.text.lastIndexOf("/");
      return new RegExp(token.text.slice(1, end), token.text.slice(end + 1));
    }
    const isPattern = token.text === "pattern" && tokens[index + 1]?.text === ":";
    const value = tokens[index + 2];
    return isPattern && value?.kind === "string" ? new RegExp(value.text, "u") : [];
  });
}
