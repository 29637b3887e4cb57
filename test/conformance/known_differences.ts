/**
 * Where the sandbox is meant to differ from the description that stripe-mock carries, which is of
 * another version of Stripe's API (2026-08-26.dahlia) than ours (2026-10-28.endive).
 */
export const KNOWN_DIFFERENCES: readonly { difference: RegExp; reason: string }[] = [];
