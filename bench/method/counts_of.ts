import process from "node:process";

/**
 * Reads the whole numbers that a bench is called with, in this order; ends the process with 2 where
 * there is anything else.
 *
 * @param defaults what each is without a word for it
 */
export function countsOf<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  words: readonly string[] = process.argv.slice(2),
): Readonly<Record<Name, number>> {
  const names = Object.keys(defaults) as Name[];
  const wrong = words.filter((word, index) => index >= names.length || !/^[1-9]\d*$/.test(word));
  if (wrong.length > 0) {
    const takes = names.map((name) => `[${name}]`).join(" ") || "nothing";
    process.stderr.write(
      `Cannot measure ${JSON.stringify(wrong.join(" "))}: expected ${takes}, whole numbers from 1 on\n`,
    );
    process.exit(2);
  }
  const counts = names.map((name, index) => [name, Number(words[index] ?? defaults[name])]);
  return Object.fromEntries(counts) as Record<Name, number>;
}
