import type { KeyObject } from "node:crypto";
import type { Algorithm, Secret } from "jsonwebtoken";
import { JwksClient, SigningKeyNotFoundError } from "jwks-rsa";
import { PortError } from "../../application/ports/port_error.ts";

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
  find(header: { kid?: unknown; alg?: unknown }): Promise<Secret | undefined>;
}

const MIN_SECRET_BYTES = 32;
const JWKS_TIMEOUT_MS = 5_000;
const JWKS_CACHE_MS = 10 * 60_000;
/** How long to use known keys while their issuer does not answer. Milliseconds. */
const JWKS_STALE_MS = 60 * 60_000;
const JWKS_REQUESTS_PER_MINUTE = 10;
const MAX_KID_LENGTH = 256;

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
  return { algorithms: ["HS256", "HS384", "HS512"], find: async () => secret };
}

function publishedKeys(url: string): VerificationKeys {
  if (!isTrustworthy(url)) {
    throw new RangeError("Cannot verify tokens: the URL of the JWKS must use https");
  }
  const client = new JwksClient({
    jwksUri: url,
    timeout: JWKS_TIMEOUT_MS,
    cache: true,
    cacheMaxAge: JWKS_CACHE_MS,
    cacheMaxAgeFallback: JWKS_STALE_MS,
    rateLimit: true,
    jwksRequestsPerMinute: JWKS_REQUESTS_PER_MINUTE,
  });
  return {
    algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
    async find({ kid, alg }) {
      if (typeof kid !== "string" || kid === "" || kid.length > MAX_KID_LENGTH) {
        return undefined;
      }
      try {
        const key = await client.getSigningKey(kid);
        const declared: unknown = key.alg;
        return declared === undefined || declared === alg ? key.getPublicKey() : undefined;
      } catch (error) {
        if (error instanceof SigningKeyNotFoundError) {
          return undefined;
        }
        throw new PortError("Cannot read the signing keys of the tokens' issuer", {
          transient: true,
          cause: error,
        });
      }
    },
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
