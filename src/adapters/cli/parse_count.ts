import { InvalidArgumentError } from "commander";

/** A parser of whole numbers from 1 to `most`, for an option's value. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^[1-9]\d{0,8}$/.test(text) || count > most) {
      throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
    }
    return count;
  };
}
