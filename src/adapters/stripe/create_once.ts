import { PortError } from "../../application/ports/port_error.ts";

/**
 * Creates an object under an idempotency key. If Stripe has stored a failure under that key, looks
 * for what the failed call may have created; only if there is nothing, tries once more under a new
 * key (P22).
 */
export async function createOnce<T>(
  idempotencyKey: string,
  {
    create,
    find,
  }: {
    create: (idempotencyKey: string) => Promise<T>;
    find: () => Promise<T | undefined>;
  },
): Promise<T> {
  try {
    return await create(idempotencyKey);
  } catch (error) {
    if (!(error instanceof PortError && error.keySpent)) {
      throw error;
    }
    return (await find()) ?? (await create(`${idempotencyKey}-${crypto.randomUUID()}`));
  }
}

/** Derives an idempotency key from facts: the same facts always give the same key. */
export async function idempotencyKeyOf(kind: string, facts: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(facts));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${kind}-${hex}`;
}
