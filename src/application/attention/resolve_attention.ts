import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import { isName } from "../../domain/text.ts";
import type { AttentionStore } from "../ports/attention/attention_store.ts";
import type { NoteChange } from "../ports/audit/note_change.ts";
import type { Clock } from "../ports/clock.ts";
import type { Announce } from "../ports/notifications/announce.ts";

/** An item to resolve. */
export interface ResolveAttentionCommand {
  readonly id: string;
  /** Who dealt with it. */
  readonly operator: string;
}

/** The outcome of resolving an item. */
export type ResolveAttentionOutcome =
  | { readonly type: "resolved"; readonly item: AttentionRecord }
  /** It was no longer open; `item` says since when and who resolved it. */
  | { readonly type: "not_open"; readonly item: AttentionRecord }
  | { readonly type: "unknown" };

/**
 * Takes an item off the list because an operator has dealt with it. It is not raised again before
 * its cause was gone. The audit trail of its tenant tells who did it (P38); the entry is written
 * first, so that a crash leaves one too many rather than none.
 */
export class ResolveAttention {
  readonly #attention: AttentionStore;
  readonly #noteChange: NoteChange;
  readonly #clock: Clock;
  readonly #announce: Announce;

  constructor(ports: {
    attention: AttentionStore;
    noteChange: NoteChange;
    clock: Clock;
    announce?: Announce;
  }) {
    this.#attention = ports.attention;
    this.#noteChange = ports.noteChange;
    this.#clock = ports.clock;
    this.#announce = ports.announce ?? (() => undefined);
  }

  /**
   * @throws {TypeError} without an operator
   * @throws {PortError}
   */
  async execute({ id, operator }: ResolveAttentionCommand): Promise<ResolveAttentionOutcome> {
    if (!isName(operator)) {
      throw new TypeError("Cannot resolve an attention item: the operator's name is missing");
    }
    const item = await this.#attention.find(id);
    if (item === undefined) {
      return { type: "unknown" };
    }
    if (item.state !== "open") {
      return { type: "not_open", item };
    }
    const { tenantId } = item;
    if (tenantId !== null) {
      const field = `attention.${id}.resolvedBy`;
      await this.#noteChange({ tenantId, fields: [{ field, before: null, after: operator }] });
    }
    const resolved = await this.#attention.resolve(id, { operator, at: this.#clock() });
    this.#announce({ tenantId });
    const after = (await this.#attention.find(id)) ?? item;
    return { type: resolved ? "resolved" : "not_open", item: after };
  }
}
