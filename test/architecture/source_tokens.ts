import { createScanner, LanguageVariant, SyntaxKind } from "typescript/unstable/ast";

/** A token of a TypeScript source; comments and white space are left out. */
export interface SourceToken {
  readonly kind: "string" | "word" | "other";
  /** What a string says, the name of a word, the characters of anything else. */
  readonly text: string;
}

const ENDS_EXPRESSION = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.PrivateIdentifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  SyntaxKind.SuperKeyword,
  SyntaxKind.NullKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
]);

/** The tokens of a source, as the TypeScript compiler's own scanner reads them. */
export function sourceTokens(text: string): SourceToken[] {
  const scanner = createScanner(true, LanguageVariant.Standard, text);
  const tokens: SourceToken[] = [];
  const templateDepths: number[] = [];
  let depth = 0;
  let previous = SyntaxKind.Unknown;
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    if (isSlash(kind) && !ENDS_EXPRESSION.has(previous)) {
      kind = scanner.reScanSlashToken();
    }
    if (kind === SyntaxKind.CloseBraceToken && templateDepths.at(-1) === depth) {
      kind = scanner.reScanTemplateToken(false);
      templateDepths.pop();
    } else if (kind === SyntaxKind.CloseBraceToken) {
      depth -= 1;
    }
    if (kind === SyntaxKind.TemplateHead || kind === SyntaxKind.TemplateMiddle) {
      templateDepths.push(depth);
    } else if (kind === SyntaxKind.OpenBraceToken) {
      depth += 1;
    }
    tokens.push(sourceToken(kind, scanner.getTokenText(), scanner.getTokenValue()));
    previous = kind;
  }
  return tokens;
}

function isSlash(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken;
}

function sourceToken(kind: SyntaxKind, text: string, value: string): SourceToken {
  switch (kind) {
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
      return { kind: "string", text: value };
    default:
      return /^[\p{ID_Start}_$]/u.test(text)
        ? { kind: "word", text: value || text }
        : { kind: "other", text };
  }
}
