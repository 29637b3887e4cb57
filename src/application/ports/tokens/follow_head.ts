import type { HeadMove } from "../../../domain/tokens/ledger_head.ts";

/**
 * Moves a ledger's head after its entry, in the background. Nobody waits for it; the next append or
 * verification makes up for a failure.
 */
export type FollowHead = (move: HeadMove) => void;
