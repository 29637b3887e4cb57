import { createPublicKey, type KeyObject } from "node:crypto";
import { PortError } from "../../../application/ports/port_error.ts";

/** A public key with what its issuer says of it. */
export interface PublishedKey {
  readonly kid?: string | undefined;
  /** The one algorithm that it is for; `undefined`: any of its kind. */
  readonly alg?: string | undefined;
  readonly key: KeyObject;
}

/** What a token says of the key that it was signed with. */
export interface KeyHint {
  readonly kid?: unknown;
  readonly alg?: unknown;
}

interface KeySet {
  readonly keys: readonly PublishedKey[];
  readonly readAtMs: number;
}

const TIMEOUT_MS = 5_000;
/** A set that is older is read again, while it goes on being used. */
const REFRESH_MS = 5 * 60_000;
/** How long a set is used whose issuer fails: as long as a token may live. */
const STALE_MS = 24 * 3_600_000;
/** No two reads are closer, whatever keys are asked for. */
const COOLDOWN_MS = 30_000;
/** The same while there are no keys at all, and nobody can be let in. */
const FIRST_COOLDOWN_MS = 1_000;
const MAX_KID_LENGTH = 256;
const RSA_ALGORITHM = /^[RP]S(256|384|512)$/;

/**
 * The key set that an issuer publishes. It is read as a whole, at the first token, and then in the
 * background. A key that it does not have makes it be read again, so that new keys are found, but
 * never within the cooldown of another read: made-up keys cost the issuer nothing, and no request
 * with a known key ever waits.
 */
export class PublishedKeys {
  readonly #read: () => Promise<readonly PublishedKey[]>;
  readonly #nowMs: () => number;
  #set: KeySet | null = null;
  #reading: Promise<void> | null = null;
  #beganAtMs = Number.NEGATIVE_INFINITY;
  #failure: unknown = null;

  constructor(read: () => Promise<readonly PublishedKey[]>, nowMs = () => performance.now()) {
    this.#read = read;
    this.#nowMs = nowMs;
  }

  /**
   * The key that a token names; where it names none, the only one that fits.
   *
   * @throws {PortError} when it is not among those that are known, and the issuer fails
   */
  async find(hint: KeyHint): Promise<KeyObject | undefined> {
    const { kid } = hint;
    const isNameless = kid === undefined;
    if (!isNameless && (typeof kid !== "string" || kid === "" || kid.length > MAX_KID_LENGTH)) {
      return undefined;
    }
    const known = this.#choose(hint);
    if (known !== undefined) {
      this.#refreshInBackground();
      return known;
    }
    await this.#readUnlessCooling();
    const found = this.#choose(hint);
    if (found === undefined && this.#failure !== null) {
      throw new PortError("Cannot read the signing keys of the tokens' issuer", {
        transient: true,
        cause: this.#failure,
      });
    }
    return found;
  }

  /** The set that tokens are verified with; another one after each read. `null`: there is none. */
  inForce(): object | null {
    return this.#fresh();
  }

  #fresh(): KeySet | null {
    const set = this.#set;
    return set === null || this.#nowMs() - set.readAtMs > STALE_MS ? null : set;
  }

  #choose({ kid, alg }: KeyHint): KeyObject | undefined {
    const set = this.#fresh();
    if (set === null) {
      return undefined;
    }
    const fitting = set.keys.filter(
      (key) => (kid === undefined || key.kid === kid) && fits(key, alg),
    );
    return fitting.length === 1 ? fitting[0]?.key : undefined;
  }

  #refreshInBackground(): void {
    if (this.#set !== null && this.#nowMs() - this.#set.readAtMs > REFRESH_MS) {
      void this.#readUnlessCooling();
    }
  }

  /** Never rejects: what failed is kept until a read succeeds. */
  async #readUnlessCooling(): Promise<void> {
    const cooldownMs = this.#set === null ? FIRST_COOLDOWN_MS : COOLDOWN_MS;
    if (this.#reading === null && this.#nowMs() - this.#beganAtMs >= cooldownMs) {
      this.#beganAtMs = this.#nowMs();
      this.#reading = this.#readNow();
    }
    await this.#reading;
  }

  async #readNow(): Promise<void> {
    try {
      this.#set = { keys: await this.#read(), readAtMs: this.#nowMs() };
      this.#failure = null;
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#reading = null;
    }
  }
}

/** Reads the keys at an address. Rejects where there is none that can verify signatures. */
export function readPublishedKeys(url: string): () => Promise<readonly PublishedKey[]> {
  return async () => {
    // Loaded only where there is a key set; bundled, it has no names of its own.
    const { default: jwks } = await import("jwks-rsa");
    const client = new jwks.JwksClient({ jwksUri: url, timeout: TIMEOUT_MS, cache: false });
    const keys = await client.getSigningKeys();
    return keys.map((key) => {
      const alg: unknown = key.alg;
      return {
        kid: key.kid,
        alg: typeof alg === "string" ? alg : undefined,
        key: createPublicKey(key.getPublicKey()),
      };
    });
  };
}

function fits({ alg: only, key }: PublishedKey, alg: unknown): boolean {
  return typeof alg === "string" && (only === undefined || only === alg) && isOfKind(key, alg);
}

function isOfKind({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, alg: string): boolean {
  switch (alg) {
    case "ES256":
      return asymmetricKeyDetails?.namedCurve === "prime256v1";
    case "ES384":
      return asymmetricKeyDetails?.namedCurve === "secp384r1";
    case "ES512":
      return asymmetricKeyDetails?.namedCurve === "secp521r1";
    default:
      return asymmetricKeyType === "rsa" && RSA_ALGORITHM.test(alg);
  }
}
