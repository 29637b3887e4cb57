import process from "node:process";

/**
 * Reads a whole number from an environment variable: how often something is tried, or what seeds
 * chance. A typing error must not turn into nothing tried and all well.
 *
 * @throws {Error} for anything else
 */
export function countInEnvironment(
  name: string,
  { fallback, least = 1 }: { fallback: number; least?: number },
  env: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const text = env[name] ?? String(fallback);
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < least) {
    throw new Error(`${name} must be a whole number from ${least} on, and is "${text}"`);
  }
  return count;
}
