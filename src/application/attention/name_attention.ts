import {
  type AttentionFindings,
  attentionChanges,
} from "../../domain/attention/attention_changes.ts";
import type { AttentionItem, AttentionRecord } from "../../domain/attention/attention_item.ts";
import type { AttentionStore } from "../ports/attention/attention_store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Announce } from "../ports/notifications/announce.ts";
import type { RaiseAlert } from "../ports/subscription/raise_alert.ts";

/** What a look at the payment provider has found for a tenant. */
export interface NameAttentionCommand extends AttentionFindings {
  /** `null` where it concerns no tenant. */
  readonly tenantId: string | null;
  /** Of the tenant's account, as the look has saved it; 0 without a tenant. */
  readonly revision: number;
  /** The tenant's open and resolved items, if the caller has just read them. */
  readonly known?: readonly AttentionRecord[];
}

/**
 * Brings the list of what somebody has to look at in line with a look at the payment provider: what
 * is found is raised, once, and what is no longer found is gone (P41). Safe to repeat, and in any
 * number of processes: an item is raised by one of them, and older looks change nothing.
 */
export class NameAttention {
  readonly #attention: AttentionStore;
  readonly #raiseAlert: RaiseAlert;
  readonly #clock: Clock;
  readonly #announce: Announce;

  constructor(ports: {
    attention: AttentionStore;
    raiseAlert: RaiseAlert;
    clock: Clock;
    announce?: Announce;
  }) {
    this.#attention = ports.attention;
    this.#raiseAlert = ports.raiseAlert;
    this.#clock = ports.clock;
    this.#announce = ports.announce ?? (() => undefined);
  }

  /**
   * Answers the items that were raised now. An alert tells of each; a crash before leaves it
   * untold, but listed.
   *
   * @throws {TypeError} when an item is another tenant's
   * @throws {PortError}
   */
  async execute({
    tenantId,
    revision,
    known,
    ...findings
  }: NameAttentionCommand): Promise<readonly AttentionItem[]> {
    const stray = findings.found.find((item) => item.tenantId !== tenantId);
    if (stray !== undefined) {
      throw new TypeError(`Cannot name "${stray.id}": it does not concern "${tenantId}"`);
    }
    const listed = known ?? (await this.#attention.known(tenantId));
    const { raise, clear } = attentionChanges(listed, findings);
    const raised: AttentionItem[] = [];
    for (const item of raise) {
      if ((await this.#attention.raise(item, { revision, at: this.#clock() })) === "raised") {
        this.#raiseAlert({ type: "attention", tenantId, item });
        raised.push(item);
      }
    }
    for (const id of clear) {
      await this.#attention.clear(id, { revision, at: this.#clock() });
    }
    if (raised.length + clear.length > 0) {
      this.#announce({ tenantId });
    }
    return raised;
  }
}
