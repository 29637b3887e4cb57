import { createHmac, generateKeyPairSync } from "node:crypto";
import jwt from "jsonwebtoken";
import { sendHeaders } from "../../rig/service_rig.ts";
import { TENANT } from "../../samples/account.ts";
import { SECRET, soundClaims, token } from "../../samples/http.ts";
import { attackService } from "../spoiled_service.ts";
import { statusOf, type Table } from "../table.ts";

const DAY_SECONDS = 86_400;
const now = Math.floor(Date.now() / 1_000);
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const PEM = publicKey.export({ type: "spki", format: "pem" }).toString();

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token with any header, signed with any key as if by HS256. */
function forged(
  header: object,
  claims: object = soundClaims(),
  key: string | Buffer = SECRET_BYTES,
) {
  const content = `${base64(header)}.${base64(claims)}`;
  return `${content}.${createHmac("sha256", key).update(content).digest("base64url")}`;
}

const SECRET_BYTES = SECRET.export();
const HS256 = { alg: "HS256", typ: "JWT" };
const [head, content, signature] = token().split(".");

const ALGORITHMS = ["none", "None", "NONE", "nOnE", "", "HS1", "RS256", "ES256", "PS256", "EdDSA"];

/** Tokens that must not be believed. */
const TOKENS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ALGORITHMS.flatMap((alg) => [
      [`algorithm "${alg}", unsigned`, `${base64({ alg, typ: "JWT" })}.${base64(soundClaims())}.`],
      [`algorithm "${alg}", signed as HS256`, forged({ alg, typ: "JWT" })],
    ]),
  ),
  "signed with a public key, as HMAC": forged(HS256, soundClaims(), PEM),
  "signed with a public key without its last line": forged(HS256, soundClaims(), PEM.trim()),
  "signed with another RSA key": jwt.sign(soundClaims(), privateKey, { algorithm: "RS256" }),
  "signed with an empty secret": forged(HS256, soundClaims(), ""),
  "signed with another secret": forged(HS256, soundClaims(), "a".repeat(32)),
  "another's content": `${head}.${base64(soundClaims({ sub: "root" }))}.${signature}`,
  "no signature": `${head}.${content}.`,
  "half a signature": `${head}.${content}.${signature?.slice(0, 20)}`,
  "two parts": `${head}.${content}`,
  "four parts": `${head}.${content}.${signature}.x`,
  "characters of other alphabets": `${head}.${content}.${signature?.slice(0, -1)}é`,
  "no JSON": `${Buffer.from("no").toString("base64url")}.${content}.${signature}`,
  "16 KB": forged(HS256, soundClaims({ more: "x".repeat(16_000) })),
  crit: forged({ ...HS256, crit: ["exp"] }),
  b64: forged({ ...HS256, b64: false, crit: ["b64"] }),
  "another kind": forged({ ...HS256, typ: "logout+jwt" }),
  "a kind that is a number": forged({ ...HS256, typ: 7 }),
  "a jku of the attacker": forged({ ...HS256, jku: "http://127.0.0.1:1/" }, soundClaims(), "x"),
  "an x5u of the attacker": forged({ ...HS256, x5u: "http://127.0.0.1:1/" }, soundClaims(), "x"),
  "its own key": forged({ ...HS256, jwk: publicKey.export({ format: "jwk" }) }, soundClaims(), "x"),
  "a kid that is a path": forged({ ...HS256, kid: "../../dev/null" }, soundClaims(), ""),
  "a kid that is SQL": forged({ ...HS256, kid: "' UNION SELECT 'a" }, soundClaims(), "a"),
  expired: token({ exp: now - 600 }),
  "no exp": token({ exp: undefined }),
  "exp as text": forged(HS256, soundClaims({ exp: String(now + 600) })),
  "exp in a year": token({ exp: now + 365 * DAY_SECONDS }),
  "exp in the year 9999": token({ exp: 253_402_300_799 }),
  "iat in the future": token({ iat: now + 3_600, exp: now + 7_200 }),
  "iat as text": forged(HS256, soundClaims({ iat: "1" })),
  "nbf in the future": token({ nbf: now + 3_600 }),
  "no sub": token({ sub: undefined }),
  "an empty sub": token({ sub: "" }),
  "a sub that is a number": forged(HS256, soundClaims({ sub: 1 })),
  "a sub with a line break": token({ sub: "a\nb" }),
  "a sub of 300 characters": token({ sub: "a".repeat(300) }),
};

/** Headers that are not one bearer token. */
const HEADERS: Readonly<Record<string, string | string[]>> = {
  "an API key": "Bearer mc_live_0123456789",
  "basic authentication": `Basic ${Buffer.from("a:b").toString("base64")}`,
  "a token without its scheme": token(),
  "two tokens in one header": `Bearer ${token()}, Bearer ${token()}`,
  "two headers": [`Bearer ${token()}`, `Bearer ${token()}`],
  "an empty header": "",
  "a scheme alone": "Bearer",
  "a tab in between": `Bearer\t${token()}`,
};

/** Tokens that nobody issued, or not for this. */
export const JWT_TABLE: Table = {
  name: "JWT",
  plant: "every request is given a sound token",
  attack: (isPlanted) =>
    attackService(
      isPlanted
        ? (passing) => ({
            ...passing,
            headers: { ...passing.headers, authorization: `Bearer ${token()}` },
          })
        : null,
      async (url) => {
        const headers = [
          ...Object.entries(TOKENS).map(([what, text]) => [what, `Bearer ${text}`] as const),
          ...Object.entries(HEADERS),
        ];
        return await Promise.all(
          headers.map(async ([what, Authorization]) => {
            const sent = { Authorization, "X-Tenant-Id": TENANT };
            const status = await statusOf(sendHeaders(`${url}/billing/subscription`, sent));
            return { what, held: [400, 401, 431].includes(status) };
          }),
        );
      },
    ),
};
