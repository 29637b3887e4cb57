import { createHmac, createSecretKey, generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import jwt from "jsonwebtoken";
import { adminHeaders, sendHeaders, startTestService } from "../../../rig/service_rig.ts";
import { useShared } from "../../../rig/use_fresh.ts";
import { TENANT } from "../../../samples/account.ts";
import { SECRET, soundClaims, token } from "../../../samples/http.ts";

const OTHER_SECRET = createSecretKey(Buffer.alloc(32, 8));

function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** A token with exactly this header and these claims; signed with HS256 unless told otherwise. */
function rawToken(header: object, claims: unknown = soundClaims(), signature?: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(claims)}`;
  const sound = createHmac("sha256", SECRET.export()).update(signed).digest("base64url");
  return `${signed}.${signature ?? sound}`;
}

describe("identify and requireUser", () => {
  const service = useShared(() => startTestService());

  async function codeFor(authorization: string): Promise<unknown> {
    const { status, headers, body } = await service.send("/billing/subscription", {
      headers: { Authorization: authorization, "X-Tenant-Id": TENANT },
    });
    if (status === 401) {
      expect(headers.get("WWW-Authenticate")).to.match(/^Bearer( error="invalid_token")?$/);
    }
    return status === 200 ? "accepted" : body.code;
  }

  it("asks for a token where there is none", async () => {
    const { status, headers, body } = await service.send("/billing/plans", { headers: {} });
    expect(status).to.equal(401);
    expect(headers.get("WWW-Authenticate")).to.equal("Bearer");
    expect(body).to.include({ statusCode: 401, code: "token_missing", path: "/billing/plans" });
  });

  for (const algorithm of ["HS256", "HS384", "HS512"] as const) {
    it(`accepts ${algorithm}, and the scheme in any case`, async () => {
      const signed = jwt.sign({ ...soundClaims() }, SECRET, { algorithm });
      expect(await codeFor(`Bearer ${signed}`)).to.equal("accepted");
      expect(await codeFor(`bearer ${signed}`)).to.equal("accepted");
    });
  }

  for (const typ of ["JWT", "jwt", "at+jwt", "application/at+jwt"]) {
    it(`accepts the type ${typ}`, async () => {
      expect(await codeFor(`Bearer ${rawToken({ alg: "HS256", typ })}`)).to.equal("accepted");
    });
  }

  it("says when a token has expired, beyond the tolerance", async () => {
    expect(await codeFor(`Bearer ${token({ exp: secondsFromNow(-60) })}`)).to.equal(
      "token_expired",
    );
    expect(await codeFor(`Bearer ${token({ exp: secondsFromNow(-1) })}`)).to.equal("accepted");
  });

  const claims: [string, () => object][] = [
    ["never expires", () => ({ exp: undefined })],
    ["expires at a text", () => ({ exp: "2099" })],
    ["is not valid yet", () => ({ nbf: secondsFromNow(60) })],
    ["has a text as nbf", () => ({ nbf: "now" })],
    ["was issued in the future", () => ({ iat: secondsFromNow(60) })],
    ["was issued at a text", () => ({ iat: "now" })],
    ["names no subject", () => ({ sub: undefined })],
    ["names an empty subject", () => ({ sub: " " })],
    ["names a number as subject", () => ({ sub: 7 })],
    ["names an endless subject", () => ({ sub: "u".repeat(300) })],
  ];
  for (const [what, changes] of claims) {
    it(`refuses a token that ${what}`, async () => {
      expect(await codeFor(`Bearer ${token({ ...changes() })}`)).to.equal("token_invalid");
    });
  }

  const lives: [string, () => object, string][] = [
    ["24 hours", () => ({ exp: secondsFromNow(86_400) }), "accepted"],
    ["24 hours and a second", () => ({ exp: secondsFromNow(86_401) }), "token_lives_too_long"],
    ["until 9999", () => ({ exp: 253_402_300_799 }), "token_lives_too_long"],
    [
      "25 hours, of which 2 are over",
      () => ({ iat: secondsFromNow(-7_200), exp: secondsFromNow(82_800) }),
      "token_lives_too_long",
    ],
    [
      "25 hours from a time that it does not tell",
      () => ({ iat: undefined, exp: secondsFromNow(90_000) }),
      "token_lives_too_long",
    ],
    [
      "23 hours from a time that it does not tell",
      () => ({ iat: undefined, exp: secondsFromNow(82_800) }),
      "accepted",
    ],
  ];
  for (const [what, changes, expected] of lives) {
    it(`answers ${expected} to a token that lives ${what}`, async () => {
      expect(await codeFor(`Bearer ${token({ ...changes() })}`)).to.equal(expected);
    });
  }

  it("allows clocks to differ by the tolerance", async () => {
    const early = token({ iat: secondsFromNow(3), nbf: secondsFromNow(3) });
    expect(await codeFor(`Bearer ${early}`)).to.equal("accepted");
  });

  const headers: [string, object][] = [
    ["asks for critical extensions", { alg: "HS256", crit: ["exp"], exp: 1 }],
    ["asks for no critical extensions at all", { alg: "HS256", crit: [] }],
    ["has an unencoded payload", { alg: "HS256", b64: false }],
    ["is of another kind", { alg: "HS256", typ: "logout+jwt" }],
    ["has no text as type", { alg: "HS256", typ: 1 }],
    ["claims RS256 for a shared secret", { alg: "RS256" }],
    ["claims no algorithm", {}],
    ["claims an object as algorithm", { alg: { toString: "HS256" } }],
    ["claims the algorithm in lower case", { alg: "hs256" }],
  ];
  for (const [what, header] of headers) {
    it(`refuses a token that ${what}`, async () => {
      expect(await codeFor(`Bearer ${rawToken(header)}`)).to.equal("token_invalid");
    });
  }

  for (const alg of ["none", "None", "NONE", "nOnE"]) {
    it(`refuses alg ${alg}, signed or not`, async () => {
      expect(await codeFor(`Bearer ${rawToken({ alg })}`)).to.equal("token_invalid");
      expect(await codeFor(`Bearer ${rawToken({ alg }, undefined, "")}`)).to.equal("token_invalid");
    });
  }

  it("refuses another key's signature, and keys that a token brings along", async () => {
    const foreign = jwt.sign({ ...soundClaims() }, OTHER_SECRET);
    expect(await codeFor(`Bearer ${foreign}`)).to.equal("token_invalid");
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = publicKey.export({ format: "jwk" });
    const header = { alg: "RS256" as const, jwk, jku: `${service.url}/jwks`, x5u: service.url };
    const own = jwt.sign({ ...soundClaims() }, privateKey, { algorithm: "RS256", header });
    expect(await codeFor(`Bearer ${own}`)).to.equal("token_invalid");
  });

  it("refuses a changed payload", async () => {
    const [header, , signature] = token().split(".");
    const forged = Buffer.from(JSON.stringify(soundClaims({ sub: "root" }))).toString("base64url");
    expect(await codeFor(`Bearer ${header}.${forged}.${signature}`)).to.equal("token_invalid");
  });

  for (const claimsOfOtherKinds of ["text", 7, null, [], [1]]) {
    it(`refuses a token whose claims are ${JSON.stringify(claimsOfOtherKinds)}`, async () => {
      const strange = rawToken({ alg: "HS256", typ: "JWT" }, claimsOfOtherKinds);
      expect(await codeFor(`Bearer ${strange}`)).to.equal("token_invalid");
    });
  }

  const malformed = [
    "Bearer",
    "Bearer x",
    "Bearer a.b",
    "Bearer a.b.c",
    "Bearer a.b.c.d",
    "Bearer ey*.ey*.x",
    "Basic dXNlcjpwYXNz",
    "Bearer a.b.c, Bearer d.e.f",
  ];
  for (const header of malformed) {
    it(`refuses "${header}"`, async () => {
      expect(await codeFor(header)).to.equal("token_invalid");
    });
  }

  it("refuses a token of more than 8 KiB, however sound", async () => {
    const long = token({ note: "x".repeat(8_000) });
    expect(await codeFor(`Bearer ${long}`)).to.equal("token_invalid");
  });

  it("refuses two Authorization headers, also of a token that it has just accepted", async () => {
    const bearer = `Bearer ${token()}`;
    expect(await codeFor(bearer)).to.equal("accepted");
    const headers = { Authorization: [bearer, bearer] };
    const { status, body } = await sendHeaders(`${service.url}/billing/plans`, headers);
    expect([status, body.code]).to.deep.equal([401, "token_invalid"]);
  });

  for (const header of ["Bearer mc_live_0123456789abcdef", "mc_live_0123", "Bearer mc_test_01"]) {
    it(`says that the API key in "${header}" does not work here`, async () => {
      expect(await codeFor(header)).to.equal("api_key_not_accepted");
    });
  }

  it("cannot be skipped by a request that looks like a preflight", async () => {
    const { status } = await service.send("/billing/plans", {
      headers: { "Access-Control-Request-Headers": "authorization" },
    });
    expect(status).to.equal(401);
  });

  it("does not let claims reach any prototype", async () => {
    const claims = JSON.stringify({ ...soundClaims() }).replace(
      "{",
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
    );
    const signed = jwt.sign(claims, SECRET, { header: { alg: "HS256", typ: "JWT" } });
    expect(await codeFor(`Bearer ${signed}`)).to.equal("accepted");
    expect({}).not.to.have.property("polluted");
  });

  it("verifies a token again that has expired since it was accepted", async () => {
    const bearer = `Bearer ${token({ exp: secondsFromNow(10) })}`;
    expect(await codeFor(bearer)).to.equal("accepted");
    const { now } = Date;
    Date.now = () => now() + 20_000;
    try {
      expect(await codeFor(bearer)).to.equal("token_expired");
    } finally {
      Date.now = now;
    }
  });

  it("never shows or logs a token", async () => {
    const foreign = jwt.sign({ ...soundClaims() }, OTHER_SECRET);
    const { text } = await service.send("/billing/plans", {
      headers: adminHeaders({ Authorization: `Bearer ${foreign}` }),
    });
    const signature = foreign.split(".")[2] ?? "";
    expect(text).not.to.contain(signature);
    expect(service.log.text()).not.to.contain(signature);
  });
});

describe("identify with an issuer and an audience", () => {
  it("accepts only tokens of that issuer for that audience", async () => {
    const service = await startTestService({
      authentication: {
        key: { type: "secret", secret: SECRET },
        issuer: "https://id.example.com",
        audience: "billing",
        clockToleranceSeconds: 0,
        tenantsClaim: "https://example.com/tenants",
      },
    });
    const tenants = { "https://example.com/tenants": [{ id: TENANT, role: "OWNER" }] };
    const statuses: number[] = [];
    const sound = { iss: "https://id.example.com", aud: ["other", "billing"], ...tenants };
    for (const changes of [{}, { iss: "https://evil.example" }, { iss: undefined }, { aud: "x" }]) {
      const headers = adminHeaders({ Authorization: `Bearer ${token({ ...sound, ...changes })}` });
      statuses.push((await service.send("/billing/subscription", { headers })).status);
    }
    await service.close();
    expect(statuses).to.deep.equal([200, 401, 401, 401]);
  });
});
