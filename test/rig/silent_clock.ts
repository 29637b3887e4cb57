import type { OtherClock } from "../../src/application/ports/clock.ts";

/** A clock that never says anything. */
export const SILENT_CLOCK: OtherClock = { latest: () => undefined, ask: async () => undefined };
