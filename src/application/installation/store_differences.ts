/** Pairs the items of two lists by position, up to the end of the longer one. */
export async function* pairs<T>(
  one: AsyncIterable<T>,
  other: AsyncIterable<T>,
): AsyncGenerator<readonly [T | undefined, T | undefined]> {
  const others = other[Symbol.asyncIterator]();
  for await (const item of one) {
    const { done, value } = await others.next();
    yield [item, done ? undefined : value];
  }
  for (let rest = await others.next(); !rest.done; rest = await others.next()) {
    yield [undefined, rest.value];
  }
}

/** What a record is called; `undefined` where there is none. */
export type Name = string | number | undefined;

/** Says how a record and its copy differ. */
export function* difference(
  what: string,
  one: Name,
  other: Name,
  same: boolean,
): Generator<string> {
  if (other === undefined) {
    yield `${what} ${one}: the copy lacks it`;
  } else if (one === undefined) {
    yield `${what} ${other}: only the copy has it`;
  } else if (one !== other) {
    yield `${what} ${one}: the copy has ${other} in its place`;
  } else if (!same) {
    yield `${what} ${one}: it is not the same`;
  }
}
