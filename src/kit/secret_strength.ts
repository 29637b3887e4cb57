/** Words that people write into secrets that they make up. */
const WORDS =
  "access|admin|apikey|auth|billing|bits?|bytes?|change|changeme|changeit|company|default|demo|" +
  "development|dummy|example|foobar|hello|hmac|jwt|keys?|least|letmein|local|long|mailingcore|mine|" +
  "monkey|nobody|openssl|password|passwort|phrase|placeholder|please|prod|production|qwerty|random|" +
  "replace|sample|secrets?|secure|server|service|shared|signing|staging|super|test|testing|this|" +
  "token|value|very|with|word|world|your";
const MADE_UP = new RegExp(WORDS, "gi");
/** So many characters have to be left of a secret. */
const MIN_LEFT = 24;
const MIN_DISTINCT = 10;

/**
 * Whether a secret looks as if somebody made it up: repeated, all of one kind, or of words. Those
 * that a random generator made of 32 bytes look so less than once in 500 times.
 */
export function isGuessable(secret: string): boolean {
  const once = secret.slice(0, periodOf(secret));
  const left = withoutRuns(once.replaceAll(MADE_UP, ""));
  return (
    left.length < MIN_LEFT ||
    new Set(left).size < MIN_DISTINCT ||
    !/\d/.test(left) ||
    !/[a-z]/i.test(left)
  );
}

/** A character that comes three times or more in a row stands once. */
function withoutRuns(text: string): string {
  let kept = "";
  for (let start = 0, end = 0; start < text.length; start = end) {
    while (text[end] === text[start]) {
      end += 1;
    }
    kept += end - start > 2 ? text[start] : text.slice(start, end);
  }
  return kept;
}

/** After how many characters a text repeats itself; its length where it does not. */
function periodOf(text: string): number {
  return (text + text).indexOf(text, 1);
}
