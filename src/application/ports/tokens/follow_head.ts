import type { HeadMove } from "../../../domain/tokens/ledger_head.ts";

/**
 * Moves a ledger's head after its entry, in the background: nobody waits for it, and what fails is
 * made good by the next append or verification.
 */
export type FollowHead = (move: HeadMove) => void;
