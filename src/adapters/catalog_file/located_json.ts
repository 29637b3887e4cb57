import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { childPath } from "../../kit/json_schema.ts";

/** A place in a text, counted from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Parsed JSON with the place of each value. */
export interface LocatedJson {
  readonly value: unknown;
  /** Paths of fields that occur more than once in an object, of which JSON keeps only one. */
  readonly repeatedFields: readonly string[];
  /** Where the value at a path such as `plans[0].slug` is; its parent if it is missing. */
  placeOf(path: string): TextPlace;
}

/** A place where the text is not valid JSON. */
export interface JsonSyntaxProblem extends TextPlace {
  readonly message: string;
}

const UNKNOWN_WORD = "expected a text in double quotes, a number, true, false or null";
const BAD_CHARACTER = "a text has a character that JSON must escape, or an unknown escape";

const MESSAGES: Readonly<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  PropertyNameExpected: "expected a name in double quotes",
  ValueExpected: "expected a value; the last one of a list has no comma after it",
  ColonExpected: "expected a colon",
  CommaExpected: "expected a comma",
  CloseBraceExpected: "expected a closing brace",
  CloseBracketExpected: "expected a closing bracket",
  EndOfFileExpected: "expected nothing more",
  InvalidCommentToken: "JSON has no comments",
  UnexpectedEndOfComment: "JSON has no comments",
  UnexpectedEndOfString: "a text does not end",
  UnexpectedEndOfNumber: "a number does not end",
  InvalidNumberFormat: "that is no number",
  InvalidSymbol: UNKNOWN_WORD,
  "<unknown ParseErrorCode>": UNKNOWN_WORD,
  InvalidUnicode: BAD_CHARACTER,
  InvalidEscapeCharacter: BAD_CHARACTER,
  InvalidCharacter: BAD_CHARACTER,
};

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** Parses JSON. If the text is invalid, reports the first problem on each faulty line. */
export function parseLocatedJson(
  text: string,
):
  | { readonly ok: true; readonly json: LocatedJson }
  | { readonly ok: false; readonly problems: readonly JsonSyntaxProblem[] } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, STRICT);
  const placeAt = (offset: number): TextPlace => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
  };
  if (root === undefined || errors.length > 0) {
    const byLine = new Map(
      errors.toReversed().map((error) => [placeAt(error.offset).line, error] as const),
    );
    const problems = [...byLine.values()].map(({ offset, error }) => ({
      ...placeAt(offset),
      message: MESSAGES[printParseErrorCode(error)],
    }));
    return { ok: false, problems: problems.toReversed() };
  }
  const places = new Map<string, TextPlace>();
  const repeatedFields: string[] = [];
  for (const { path, offset } of placesOf(root, "")) {
    if (places.has(path)) {
      repeatedFields.push(path);
    }
    places.set(path, placeAt(offset));
  }
  const placeOf = (path: string): TextPlace =>
    places.get(path) ?? (path === "" ? { line: 1, column: 1 } : placeOf(parentOf(path)));
  return { ok: true, json: { value: getNodeValue(root), repeatedFields, placeOf } };
}

function* placesOf(node: Node, path: string): Generator<{ path: string; offset: number }> {
  yield { path, offset: node.offset };
  for (const [index, child] of (node.children ?? []).entries()) {
    if (node.type === "array") {
      yield* placesOf(child, childPath(path, index));
    } else {
      const [name, value] = child.children ?? [];
      if (value !== undefined) {
        yield* placesOf(value, childPath(path, String(name?.value)));
      }
    }
  }
}

/** The path without its last step; it ends sooner than the path itself, whatever names contain. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("."), path.lastIndexOf("[")));
}
