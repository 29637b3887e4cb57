/** Code units, code points and sequences that are known to be changed on the way somewhere. */
const PIECES: readonly string[] = [
  ..."\u0000\u0001\u0008\t\n\r\u001b\u007f\u0080\u0085\u009f",
  ..."\ud800\udbff\udc00\udfff".split(""),
  ..."\u00a0\u00ad\u034f\u061c\u115f\u1680\u180e\u200b\u200c\u200d\u200e\u2028\u2029\u202e\u2060",
  ..."\ufeff\ufffd\ufffe\uffff\ufdd0\uff0f\uff0e",
  "\u{1f469}\u200d\u{1f680}",
  "\u{1f1e9}\u{1f1ea}",
  "\u{10ffff}",
  "\u{1fffe}",
  "\u{e0001}",
  "e\u0301",
  "\u00e9",
  "\u1e9e",
  "\u0130",
  "\u0131",
  "\u212b",
  "\u00c5",
  "\ufb01",
  "\u0345",
  ".",
  "..",
  "/",
  "\\",
  "%",
  "%00",
  "%2e",
  "?",
  "#",
  "$",
  "$gt",
  "{}",
  "'",
  '"',
  "`",
  ";--",
  "__proto__",
  "constructor",
  "null",
  "true",
  "0",
  "-0",
  "1e3",
  "NaN",
  " ",
  "  ",
  "a",
  "Z",
  "debit:",
  "grant:",
  "settle:",
  "reserve:",
  ":",
  "\u0660",
  "\u65e5\u672c",
  "\u05d0\u05d1",
];

/** The edges: what has a length, or is one character, that is just allowed or just not. */
const EDGES: readonly string[] = [
  "",
  ".",
  "..",
  "...",
  ". ",
  "\u2024",
  " ",
  "\u0000",
  "\ud83d",
  "\ude00",
  "\ud83d\ude00",
  "a".repeat(200),
  "a".repeat(201),
  "\u{1f600}".repeat(200),
  "\u{1f600}".repeat(201),
  `${"\u{1f600}".repeat(199)}\ud83d`,
  `${"e\u0301".repeat(100)}`,
  `${"e\u0301".repeat(101)}`,
];

/** So many different texts, always the same for one seed. */
export function oddTexts(count: number, seed: number): readonly string[] {
  const random = mulberry(seed);
  const texts = new Set(EDGES);
  while (texts.size < count) {
    const length = random() < 0.03 ? 195 + random() * 12 : 1 + random() * 12;
    let text = "";
    for (let part = 1; part < length; part += 1) {
      text +=
        random() < 0.7
          ? (PIECES[Math.floor(random() * PIECES.length)] ?? "")
          : String.fromCharCode(Math.floor(random() * 0x10000));
    }
    texts.add(text);
  }
  return [...texts];
}

/** Source: Tommy Ettinger's mulberry32, public domain. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
