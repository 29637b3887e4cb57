import { requireKey } from "../../domain/text.ts";
import { type HeadMove, headMove, type LedgerHead } from "../../domain/tokens/ledger_head.ts";
import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import type { LedgerEntry, UnsealedEntry } from "../../domain/tokens/token_ledger.ts";
import { sealEntry } from "../../domain/tokens/token_ledger_seal.ts";
import type { Announce } from "../ports/notifications/announce.ts";
import { PortError } from "../ports/port_error.ts";
import type { FollowHead } from "../ports/tokens/follow_head.ts";
import type { LedgerTurns } from "../ports/tokens/ledger_turns.ts";
import type {
  AppendAnswer,
  AppendableLedger,
  AppendedTogether,
} from "../ports/tokens/token_ledger_store.ts";
import type {
  ReminderChange,
  TokenReservationStore,
} from "../ports/tokens/token_reservation_store.ts";
import { Recent } from "../recent.ts";

const MAX_ATTEMPTS = 50;
const LONGEST_PAUSE_MS = 40;
/** The most tenants whose latest entry is remembered. */
const MOST_REMEMBERED = 1_000;

/** The outcome of a decision about a ledger's next entry. */
export type AppendOutcome<T> =
  /** The entry is in the ledger. */
  | { readonly type: "appended"; readonly entry: LedgerEntry }
  /** The fact had been recorded before, by this entry. */
  | { readonly type: "recorded"; readonly entry: LedgerEntry }
  /** Nothing was to be appended, and this is why. */
  | { readonly type: "declined"; readonly answer: T; readonly last: LedgerEntry | undefined };

/** What should follow the last entry of a ledger: an entry, or the reason why there is none. */
export type LedgerDecision<T> =
  | { readonly append: UnsealedEntry; readonly reminder?: ReminderChange | undefined }
  | { readonly decline: T; readonly append?: undefined };

/**
 * Appends to the token ledgers: the only place that does. One read of the last entry, a decision,
 * one insert; the head follows (P30). Whenever somebody else was faster, all of it again, so that a
 * decision is always about the entry that its own one follows. Appends of one process to one ledger
 * wait for each other.
 *
 * Where the store can check in the same step that the last entry is still exactly the one that this
 * process has appended, that one is not read again, unless nothing would follow it.
 */
export class AppendToLedger {
  readonly #ledger: AppendableLedger;
  readonly #inTurn: LedgerTurns;
  readonly #keys: LedgerKeys;
  readonly #followHead: FollowHead;
  readonly #announce: Announce;
  readonly #reservations: Reminders;
  readonly #appendsTogether: boolean;
  /** The latest appended, with the heads that moved with them; each tenant's has its turn. */
  readonly #appended = new Recent<string, Appended>(MOST_REMEMBERED);

  constructor(ports: {
    ledger: AppendableLedger;
    ledgerTurns: LedgerTurns;
    ledgerKeys: LedgerKeys;
    followHead: FollowHead;
    reservations: Reminders;
    announce?: Announce;
  }) {
    this.#ledger = ports.ledger;
    this.#inTurn = ports.ledgerTurns;
    this.#keys = ports.ledgerKeys;
    this.#followHead = ports.followHead;
    this.#reservations = ports.reservations;
    this.#appendsTogether = ports.ledger.appendsTogether?.() ?? false;
    this.#announce = ports.announce ?? (() => undefined);
  }

  /**
   * @param decide sees the last entry, and may read on: whoever appends meanwhile makes it decide
   *   anew. It is called once or more, and must not append to the same ledger itself.
   * @throws {TypeError} for a tenant's id that can be none (P46)
   * @throws {PortError}
   */
  async execute<T>({
    tenantId,
    decide,
  }: {
    tenantId: string;
    decide: (last: LedgerEntry | undefined) => LedgerDecision<T> | Promise<LedgerDecision<T>>;
  }): Promise<AppendOutcome<T>> {
    requireKey(tenantId, "tenant's id");
    return this.#inTurn(tenantId, (turn) => this.#append(tenantId, decide, turn));
  }

  async #append<T>(
    tenantId: string,
    decide: (last: LedgerEntry | undefined) => LedgerDecision<T> | Promise<LedgerDecision<T>>,
    turn: { readonly isLate: boolean },
  ): Promise<AppendOutcome<T>> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && !turn.isLate; attempt += 1) {
      const known = this.#takeAppended(tenantId);
      const last = known?.entry ?? (await this.#ledger.last(tenantId));
      const decision = await decide(last);
      if (decision.append === undefined) {
        if (known !== undefined) {
          continue;
        }
        return { type: "declined", answer: decision.decline, last };
      }
      const entry = await this.#seal(decision.append, last);
      const move = headMove(last, entry, this.#keys, known?.head);
      const { reminder } = decision;
      const outcome = await this.#store(entry, move, { after: known?.entry, reminder });
      switch (outcome) {
        case "head_left":
          this.#followHead(move);
          this.#announce({ tenantId });
          return { type: "appended", entry };
        case "appended":
          this.#remember({ entry, head: move.to });
          this.#announce({ tenantId });
          return { type: "appended", entry };
        case "key_taken":
          return { type: "recorded", entry: await this.#recorded(tenantId, entry.key) };
        case "seq_taken":
          if (known === undefined) {
            await pauseAfter(attempt);
          }
          break;
        default:
          outcome satisfies never;
      }
    }
    throw new PortError(`Cannot append to the ledger of "${tenantId}": too many entries at once`, {
      transient: true,
    });
  }

  /** Stores an entry with what belongs to it: in one step, or in the order that loses nothing. */
  async #store(
    entry: LedgerEntry,
    move: HeadMove,
    together: AppendedTogether,
  ): Promise<AppendAnswer> {
    if (this.#appendsTogether) {
      return await this.#ledger.append(entry, move, together);
    }
    const { reminder } = together;
    if (reminder?.type === "keep") {
      await this.#reservations.keep(reminder.reminder);
    }
    const answer = await this.#ledger.append(entry, move);
    if (reminder?.type === "drop" && (answer === "appended" || answer === "head_left")) {
      await this.#reservations.drop(reminder.tenantId, reminder.key);
    }
    return answer;
  }

  /** Takes out what was appended last: whatever follows it becomes the latest, or it is read anew. */
  #takeAppended(tenantId: string): Appended | undefined {
    const appended = this.#appended.get(tenantId);
    this.#appended.delete(tenantId);
    return appended;
  }

  #remember(appended: Appended): void {
    if (this.#appendsTogether) {
      this.#appended.set(appended.entry.tenantId, appended);
    }
  }

  async #seal(entry: UnsealedEntry, last: LedgerEntry | undefined): Promise<LedgerEntry> {
    const { sealing, digest } = this.#keys;
    if (sealing === null && last !== undefined && last.keyId !== null) {
      throw new PortError(
        `Cannot append to the ledger of "${entry.tenantId}": its entries are sealed, and there is ` +
          "no key to seal more: set LEDGER_KEYS",
        { transient: false },
      );
    }
    return await sealEntry(entry, last?.hash ?? "", sealing, digest);
  }

  async #recorded(tenantId: string, key: string): Promise<LedgerEntry> {
    const entry = await this.#ledger.find(tenantId, key);
    if (entry === undefined) {
      throw new PortError(`Cannot read ledger entry "${key}" of "${tenantId}": it is not there`, {
        transient: true,
      });
    }
    return entry;
  }
}

/** An entry that was appended, with the head that moved with it. */
interface Appended {
  readonly entry: LedgerEntry;
  readonly head: LedgerHead;
}

type Reminders = Pick<TokenReservationStore, "keep" | "drop">;

/** Of two processes that append in step, the same one would always lose; chance parts them. */
function pauseAfter(attempt: number): Promise<void> {
  const pauseMs = Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** (attempt - 1));
  return new Promise((resolve) => setTimeout(resolve, pauseMs));
}
