/**
 * Control characters and halves of surrogate pairs, in a form that every language's regular
 * expressions understand: other programs read these patterns in the API's document.
 */
const NOT_TEXT = String.raw`\u0000-\u001f\u007f-\u009f\ud800-\udfff`;

/**
 * What a key looks like that a caller gives (P46): characters are code points, and none of them is
 * a control character or half of a surrogate pair. Nothing is normalised: keys that differ in one
 * code point are two keys. `.` and `..` would vanish from the path of a URL.
 */
export const KEY_PATTERN = String.raw`^(?!\.{1,2}$)[^${NOT_TEXT}]{1,200}$`;

/** The same in words, after "must be". */
export const KEY_RULE =
  "1 to 200 characters of well-formed text without control characters, and neither . nor ..";

/** What a text for people looks like: like a key, but with tabs and line breaks. */
export const REASON_PATTERN = String.raw`^(?:[\t\n\r]|[^${NOT_TEXT}]){1,200}$`;

/** The same in words, after "must be". */
export const REASON_RULE =
  "1 to 200 characters of well-formed text without control characters other than tabs and line breaks";

/** A person's name, or the subject of a token. */
const NAME_PATTERN = `^[^${NOT_TEXT}]{1,255}$`;

const KEY = new RegExp(KEY_PATTERN, "u");
const REASON = new RegExp(REASON_PATTERN, "u");
const NAME = new RegExp(NAME_PATTERN, "u");

/** Tells whether a text can be a key. */
export function isKey(text: string): boolean {
  return KEY.test(text);
}

/** Tells whether a text can name somebody: it is not blank, and stays as it is wherever it is kept. */
export function isName(text: string): boolean {
  return NAME.test(text) && text.trim() !== "";
}

/**
 * Checks a key that a caller gave.
 *
 * @throws {TypeError} saying what it must be
 */
export function requireKey(key: string, what = "key"): string {
  return checked(key, { pattern: KEY, what, rule: KEY_RULE });
}

/**
 * Checks a reason; there may be none.
 *
 * @throws {TypeError} saying what it must be
 */
export function requireReason(reason: string | undefined): string | null {
  return reason === undefined
    ? null
    : checked(reason, { pattern: REASON, what: "reason", rule: REASON_RULE });
}

function checked(
  text: unknown,
  { pattern, what, rule }: { pattern: RegExp; what: string; rule: string },
): string {
  if (typeof text !== "string" || !pattern.test(text)) {
    throw new TypeError(`Cannot use this ${what}: it must be ${rule}`);
  }
  return text;
}
