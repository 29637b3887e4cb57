import { InvalidArgumentError } from "commander";

/** Makes a parser for an option that takes a whole number from 1 to `most`. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^[1-9]\d{0,8}$/.test(text) || count > most) {
      throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
    }
    return count;
  };
}
