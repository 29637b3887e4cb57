import { RequestError } from "../engine/request_error.ts";
import type { IdempotentAnswer } from "../state/request_records.ts";

/** Stripe may forget a key after this time; the sandbox does. */
const KEPT_MS = 24 * 3_600_000;
const MAX_KEY_LENGTH = 255;

/** Remembers the answers to requests with an `Idempotency-Key` and replays them. */
export class IdempotencyKeys {
  readonly #answers: Map<string, IdempotentAnswer>;
  readonly #inProgress = new Set<string>();

  constructor(answers: Map<string, IdempotentAnswer>) {
    this.#answers = answers;
  }

  /**
   * Claims a key: the stored answer, or undefined where the caller shall execute the request and
   * call {@linkcode store} once it ran, and {@linkcode release} in the end.
   * @throws {RequestError} 400 `idempotency_error` for other parameters, 409
   * `idempotency_key_in_use` while the first request runs
   */
  claim(key: string, fingerprint: string, nowMs: number): IdempotentAnswer | undefined {
    if (key.length > MAX_KEY_LENGTH) {
      throw new RequestError(`Idempotency keys have at most ${MAX_KEY_LENGTH} characters.`, {
        status: 400,
        type: "idempotency_error",
      });
    }
    if (this.#inProgress.has(key)) {
      throw new RequestError(
        "There is currently another in-progress request using this Idempotent Key (that probably " +
          "means you submitted twice, and the other request is still going through): " +
          `${key}. Please try again later.`,
        { status: 409, type: "idempotency_error", code: "idempotency_key_in_use" },
      );
    }
    const answer = this.#answers.get(key);
    if (answer === undefined || answer.storedAtMs + KEPT_MS < nowMs) {
      this.#inProgress.add(key);
      return undefined;
    }
    if (answer.fingerprint !== fingerprint) {
      throw new RequestError(
        "Keys for idempotent requests can only be used with the same parameters and endpoint " +
          `they were first used with. Try using a key other than '${key}' if you meant to ` +
          "execute a different request.",
        { status: 400, type: "idempotency_error" },
      );
    }
    return answer;
  }

  /** Keeps the answer of an executed request. */
  store(key: string, answer: IdempotentAnswer): void {
    this.#answers.set(key, answer);
  }

  /** Ends the claim of a key. */
  release(key: string): void {
    this.#inProgress.delete(key);
  }
}

/** What a request must repeat for its key to be replayed. */
export function fingerprintOf(method: string, path: string, form: string): string {
  const params = [...new URLSearchParams(form)].map((pair) => pair.join("="));
  return [method, path, ...params.toSorted()].join("\n");
}
