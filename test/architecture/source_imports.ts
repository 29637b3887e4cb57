import { type SourceToken, sourceTokens } from "./source_tokens.ts";

/** One place where a source asks for another module. */
export interface SourceImport {
  /** `null` when it is computed. */
  readonly specifier: string | null;
  /** Static ones are loaded with the source, type-only and re-exporting ones included. */
  readonly dynamic: boolean;
}

/** Everything that a source imports, in whichever way. */
export function sourceImports(text: string): SourceImport[] {
  const tokens = sourceTokens(text);
  return tokens.flatMap((token, index) => {
    const before = tokens[index - 1]?.text;
    if (token.kind !== "word" || before === "." || before === "?.") {
      return [];
    }
    switch (token.text) {
      case "import":
        return importAt(tokens, index);
      case "export":
        return reExportAt(tokens, index);
      case "require":
        return isText(tokens[index + 1], "(") ? [calledAt(tokens, index + 2)] : [];
      default:
        return [];
    }
  });
}

function importAt(tokens: readonly SourceToken[], index: number): SourceImport[] {
  const next = tokens[index + 1];
  if (next === undefined || isText(next, ".") || isText(next, ":")) {
    return [];
  }
  if (isText(next, "(")) {
    return [calledAt(tokens, index + 2)];
  }
  return next.kind === "string"
    ? [{ specifier: next.text, dynamic: false }]
    : fromClause(tokens, index + 1);
}

function reExportAt(tokens: readonly SourceToken[], index: number): SourceImport[] {
  const first = isWord(tokens[index + 1], "type") ? index + 2 : index + 1;
  if (isText(tokens[first], "*")) {
    return fromClause(tokens, first);
  }
  if (!isText(tokens[first], "{")) {
    return [];
  }
  const end = tokens.findIndex((token, at) => at > first && isText(token, "}"));
  return isWord(tokens[end + 1], "from") ? fromClause(tokens, end) : [];
}

function fromClause(tokens: readonly SourceToken[], start: number): SourceImport[] {
  const at = tokens.findIndex(
    (token, index) =>
      index >= start && isWord(token, "from") && tokens[index + 1]?.kind === "string",
  );
  return at < 0 ? [] : [{ specifier: tokens[at + 1]?.text ?? null, dynamic: false }];
}

function calledAt(tokens: readonly SourceToken[], index: number): SourceImport {
  const [argument, next] = [tokens[index], tokens[index + 1]];
  const isWhole = isText(next, ")") || isText(next, ",");
  const specifier = argument?.kind === "string" && isWhole ? argument.text : null;
  return { specifier, dynamic: true };
}

/**
 * Whether a source reads the environment: `process.env` and `Deno.env` in every notation, and
 * both objects under another name or taken apart, where what is read can no longer be told.
 */
export function readsEnvironment(text: string): boolean {
  const tokens = sourceTokens(text);
  return tokens.some((token, index) => {
    if (!isWord(token, "process") && !isWord(token, "Deno")) {
      return false;
    }
    const [before, next, member] = [tokens[index - 1], tokens[index + 1], tokens[index + 2]];
    if (isText(next, ".") || isText(next, "?.") || isText(next, "[")) {
      const name = isText(member, "[") ? tokens[index + 3] : member;
      return name?.text === "env" || (isText(next, "[") && name?.kind !== "string");
    }
    return isText(before, "=") || isText(before, "(") || isText(before, ",");
  });
}

/** Which of some global names a source uses; members of other objects do not count. */
export function namedGlobals(text: string, names: readonly string[]): string[] {
  const tokens = sourceTokens(text);
  return names.filter((name) =>
    tokens.some((token, index) => {
      const [before, next] = [tokens[index - 1], tokens[index + 1]];
      const isMember = isText(before, ".") || isText(before, "?.") || isText(next, ":");
      return isWord(token, name) && !isMember;
    }),
  );
}

/** The interfaces that the classes of a source say they implement. */
export function implementedInterfaces(text: string): string[] {
  const tokens = sourceTokens(text);
  return tokens.flatMap((token, index) => {
    if (!isWord(token, "implements")) {
      return [];
    }
    const end = tokens.findIndex((other, at) => at > index && isText(other, "{"));
    return tokens
      .slice(index + 1, end)
      .flatMap(({ kind, text: name }) => (kind === "word" ? name : []));
  });
}

/** The names of the interfaces and classes that a source exports. */
export function exportedTypes(text: string, keyword: "interface" | "class"): string[] {
  const tokens = sourceTokens(text);
  return tokens.flatMap((token, index) =>
    isWord(token, "export") && isWord(tokens[index + 1], keyword)
      ? (tokens[index + 2]?.text ?? [])
      : [],
  );
}

/** The names of the classes that a source makes instances of, once per place. */
export function constructedClasses(text: string): string[] {
  const tokens = sourceTokens(text);
  return tokens.flatMap((token, index) => {
    const name = tokens[index + 1];
    return isWord(token, "new") && name?.kind === "word" ? name.text : [];
  });
}

function isText(token: SourceToken | undefined, text: string): boolean {
  return token?.kind === "other" && token.text === text;
}

function isWord(token: SourceToken | undefined, text: string): boolean {
  return token?.kind === "word" && token.text === text;
}

/** Whether a source consists of exports from other files alone. */
export function onlyReExports(text: string): boolean {
  const statements = sourceTokens(text)
    .map((token) => (token.kind === "string" ? JSON.stringify(token.text) : token.text))
    .join(" ");
  const rest = statements.replace(/export (type )?(\{[^{}]*\}|\*( as \w+)?) from "[^"]*" ;?/g, "");
  return rest.trim() === "";
}
