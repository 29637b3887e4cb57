import type { Announce, Announcement } from "../ports/notifications/announce.ts";

const FLUSH_MS = 200;
const MAX_WAITING = 10_000;

/** Collects announcements of this process and sends each tenant's news once for many changes. */
export class Announcements {
  readonly #waiting = new Set<string | null>();
  #tell: ((announcement: Announcement) => Promise<void>) | undefined;
  #flushing: Promise<void> | undefined;

  /** Does nothing until somebody listens. */
  listen(tell: (announcement: Announcement) => Promise<void>): void {
    this.#tell = tell;
  }

  /** See `Announce`. */
  readonly announce: Announce = ({ tenantId }) => {
    if (this.#tell !== undefined && this.#waiting.size < MAX_WAITING) {
      this.#waiting.add(tenantId);
      this.#flushing ??= pause(FLUSH_MS).then(() => this.#flush());
    }
  };

  /** Resolves when every announced change was sent or has failed. */
  async settle(): Promise<void> {
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    for (const tenantId of this.#waiting) {
      this.#waiting.delete(tenantId);
      try {
        await this.#tell?.({ tenantId });
      } catch {
        // The store is down: the next announcement, or the sweep, sends it.
      }
    }
    this.#flushing = undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
