import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A certificate with its key, both as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const [ECDSA_SHA256, COMMON_NAME] = ["2a8648ce3d040302", "550403"];
const [BASIC_CONSTRAINTS, ALTERNATIVE_NAMES] = ["551d13", "551d11"];
const DAY_MS = 86_400_000;

/** An authority that signs certificates for names, as a private network has one. */
export function certificateAuthority(name: string) {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = { name, key: keys.privateKey };
  const isAuthority = extension(BASIC_CONSTRAINTS, sequence(der(0x01, Buffer.of(0xff))));
  const own = { name, days: 1, publicKey: keys.publicKey, extensions: isAuthority };
  return {
    cert: certificate(issuer, own),
    /** @param days until it expires; negative for one that has expired */
    issue: (hostname: string, { days = 1 }: { days?: number } = {}): Certificate => {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names = sequence(der(0x82, Buffer.from(hostname)));
      const extensions = extension(ALTERNATIVE_NAMES, names);
      const cert = certificate(issuer, { name: hostname, days, publicKey, extensions });
      return { cert, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
    },
  };
}

function certificate(
  issuer: { name: string; key: KeyObject },
  subject: { name: string; days: number; publicKey: KeyObject; extensions: Buffer },
): string {
  const algorithm = sequence(identifier(ECDSA_SHA256));
  const from = Math.min(Date.now(), Date.now() + subject.days * DAY_MS) - DAY_MS;
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.from([1, ...crypto.getRandomValues(new Uint8Array(8))])),
    algorithm,
    nameOf(issuer.name),
    sequence(timeOf(from), timeOf(Date.now() + subject.days * DAY_MS)),
    nameOf(subject.name),
    subject.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(subject.extensions)),
  );
  const signature = der(0x03, Buffer.of(0), sign("sha256", content, issuer.key));
  const encoded = sequence(content, algorithm, signature).toString("base64");
  const lines = encoded.match(/.{1,64}/gu) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(identifier(id), der(0x04, value));
}

function nameOf(text: string): Buffer {
  const part = sequence(identifier(COMMON_NAME), der(0x0c, Buffer.from(text)));
  return sequence(der(0x31, part));
}

function timeOf(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/\.\d+|[-:T]/gu, "");
  return der(0x18, Buffer.from(text));
}

function identifier(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
