import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import type {
  AttentionCursor,
  AttentionListing,
  AttentionStore,
} from "../ports/attention/attention_store.ts";

/** A page of items, the most recent first. */
export interface AttentionPage {
  readonly items: readonly AttentionRecord[];
  /** Where the next page begins; `null` on the last page. */
  readonly next: AttentionCursor | null;
}

/** Lists the attention items for operators, page by page (P41). */
export class ListAttention {
  readonly #attention: AttentionStore;

  constructor(ports: { attention: AttentionStore }) {
    this.#attention = ports.attention;
  }

  /** @throws {PortError} */
  async execute({ limit, ...filter }: AttentionListing): Promise<AttentionPage> {
    const found = await this.#attention.list({ ...filter, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    return { items, next: last ? { since: last.since, id: last.id } : null };
  }
}
