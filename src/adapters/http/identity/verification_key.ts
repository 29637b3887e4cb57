import type { KeyObject } from "node:crypto";
import type { Algorithm, Secret } from "jsonwebtoken";
import { type KeyHint, PublishedKeys, readPublishedKeys } from "./published_keys.ts";

/** How to verify tokens. */
export type VerificationKeyOptions =
  | {
      readonly type: "secret";
      /** At least 32 bytes. */
      readonly secret: KeyObject;
    }
  | {
      readonly type: "jwks";
      /** Where the issuer publishes its public keys. */
      readonly url: string;
    };

/** Finds keys, and says for which algorithms they may be used. */
export interface VerificationKeys {
  /** Pinned to the kind of key: a public key never verifies a keyed hash. */
  readonly algorithms: Algorithm[];
  /**
   * The key for a token with this header, or `undefined` when there is none.
   *
   * @throws {PortError} when the issuer's keys cannot be read
   */
  find(header: KeyHint): Promise<Secret | undefined>;
  /** The keys in force, compared by identity: what was verified with others has to be again. */
  inForce(): object | null;
}

const MIN_SECRET_BYTES = 32;

/** @throws {RangeError} when the secret is too short, or the URL is not one that can be trusted */
export function verificationKeys(options: VerificationKeyOptions): VerificationKeys {
  return options.type === "secret" ? secretKeys(options.secret) : publishedKeys(options.url);
}

function secretKeys(secret: KeyObject): VerificationKeys {
  if (secret.type !== "secret" || (secret.symmetricKeySize ?? 0) < MIN_SECRET_BYTES) {
    throw new RangeError(
      `Cannot verify tokens: the secret must be a secret key of at least ${MIN_SECRET_BYTES} bytes`,
    );
  }
  return {
    algorithms: ["HS256", "HS384", "HS512"],
    find: async () => secret,
    inForce: () => secret,
  };
}

function publishedKeys(url: string): VerificationKeys {
  if (!isTrustworthy(url)) {
    throw new RangeError("Cannot verify tokens: the URL of the JWKS must use https");
  }
  const keys = new PublishedKeys(readPublishedKeys(url));
  return {
    algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
    find: (header) => keys.find(header),
    inForce: () => keys.inForce(),
  };
}

/** Https, or plain http on this machine. */
function isTrustworthy(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { protocol, hostname } = new URL(url);
  return (
    protocol === "https:" ||
    (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname))
  );
}
