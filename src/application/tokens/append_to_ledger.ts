import { requireKey } from "../../domain/text.ts";
import { type HeadMove, headMove, type LedgerHead } from "../../domain/tokens/ledger_head.ts";
import type { LedgerKeys } from "../../domain/tokens/ledger_keys.ts";
import type { LedgerEntry, UnsealedEntry } from "../../domain/tokens/token_ledger.ts";
import { sealEntry } from "../../domain/tokens/token_ledger_seal.ts";
import type { Announce } from "../ports/notifications/announce.ts";
import { andThen, type OrPromise } from "../ports/or_promise.ts";
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
    decide: (last: LedgerEntry | undefined) => OrPromise<LedgerDecision<T>>;
  }): Promise<AppendOutcome<T>> {
    requireKey(tenantId, "tenant's id");
    return await this.#inTurn(tenantId, (turn) => this.#append({ tenantId, decide, turn }, 1));
  }

  /** Decides and stores; at once where everything that it asks answers at once. */
  #append<T>(work: AppendWork<T>, attempt: number): OrPromise<AppendOutcome<T>> {
    const { tenantId, decide, turn } = work;
    if (attempt > MAX_ATTEMPTS || turn.isLate) {
      const reason = "too many entries at once";
      const message = `Cannot append to the ledger of "${tenantId}": ${reason}`;
      throw new PortError(message, { transient: true });
    }
    const known = this.#takeAppended(tenantId);
    const again = () => this.#append(work, attempt + 1);
    return andThen(known?.entry ?? this.#ledger.last(tenantId), (last) =>
      andThen(decide(last), (decision) => {
        if (decision.append === undefined) {
          return known === undefined
            ? { type: "declined", answer: decision.decline, last }
            : again();
        }
        const { append, reminder } = decision;
        return andThen(this.#seal(append, last), (entry) => {
          const move = headMove(last, entry, this.#keys, known?.head);
          const stored = this.#store(entry, move, { after: known?.entry, reminder });
          return andThen(stored, (answer): OrPromise<AppendOutcome<T>> => {
            if (answer === "seq_taken") {
              return known === undefined ? pauseAfter(attempt).then(again) : again();
            }
            return answer === "key_taken"
              ? this.#recorded(tenantId, entry.key)
              : this.#follow(entry, { move, answer, reminder });
          });
        });
      }),
    );
  }

  /** Stores an entry; a reminder in the same step, or kept before it. */
  #store(entry: LedgerEntry, move: HeadMove, together: AppendedTogether): OrPromise<AppendAnswer> {
    const { reminder } = together;
    if (this.#appendsTogether) {
      return this.#ledger.append(entry, move, together);
    }
    return reminder?.type === "keep"
      ? this.#reservations
          .keep(reminder.reminder)
          .then(async () => await this.#ledger.append(entry, move))
      : this.#ledger.append(entry, move);
  }

  /** What follows once an entry is stored. */
  #follow<T>(entry: LedgerEntry, { move, answer, reminder }: Stored): OrPromise<AppendOutcome<T>> {
    if (answer === "head_left") {
      this.#followHead(move);
    } else {
      this.#remember({ entry, head: move.to });
    }
    this.#announce({ tenantId: entry.tenantId });
    return andThen(this.#dropAfter(reminder), () => ({ type: "appended", entry }));
  }

  /** Drops a reminder that was not dropped in the same step: last, because it may fail. */
  #dropAfter(reminder: ReminderChange | undefined): OrPromise<void> {
    return !this.#appendsTogether && reminder?.type === "drop"
      ? this.#reservations.drop(reminder.tenantId, reminder.key)
      : undefined;
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

  #seal(entry: UnsealedEntry, last: LedgerEntry | undefined): OrPromise<LedgerEntry> {
    const { sealing, digest } = this.#keys;
    if (sealing === null && last !== undefined && last.keyId !== null) {
      throw new PortError(
        `Cannot append to the ledger of "${entry.tenantId}": its entries are sealed, and there is ` +
          "no key to seal more: set LEDGER_KEYS",
        { transient: false },
      );
    }
    return sealEntry(entry, last?.hash ?? "", sealing, digest);
  }

  async #recorded(
    tenantId: string,
    key: string,
  ): Promise<{ readonly type: "recorded"; readonly entry: LedgerEntry }> {
    const entry = await this.#ledger.find(tenantId, key);
    if (entry === undefined) {
      throw new PortError(`Cannot read ledger entry "${key}" of "${tenantId}": it is not there`, {
        transient: true,
      });
    }
    return { type: "recorded", entry };
  }
}

/** What is to be appended to a ledger. */
interface AppendWork<T> {
  readonly tenantId: string;
  readonly decide: (last: LedgerEntry | undefined) => OrPromise<LedgerDecision<T>>;
  readonly turn: { readonly isLate: boolean };
}

/** How an entry was stored. */
interface Stored {
  readonly move: HeadMove;
  readonly answer: "appended" | "head_left";
  readonly reminder: ReminderChange | undefined;
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
