import type { AttentionStore } from "../ports/attention/attention_store.ts";

/** Counts what waits for a person (P41). */
export class CountAttention {
  readonly #attention: Pick<AttentionStore, "countOpen">;

  constructor({ attention }: { attention: Pick<AttentionStore, "countOpen"> }) {
    this.#attention = attention;
  }

  /** @throws {PortError} */
  async execute(): Promise<number> {
    return await this.#attention.countOpen();
  }
}
