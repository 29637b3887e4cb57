import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import jwt from "jsonwebtoken";
import { identify } from "../../../../src/adapters/http/identity/authentication.ts";
import { verificationKeys } from "../../../../src/adapters/http/identity/verification_key.ts";
import { adminHeaders, startTestService, type TestService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { soundClaims } from "../../../samples/http.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const unpublished = generateKeyPairSync("rsa", { modulusLength: 2048 });

const ISSUER = "https://login.example.com/";
const AUDIENCE = "billing";

function jwk(key: KeyObject, kid: string, alg: string) {
  return { ...key.export({ format: "jwk" }), kid, alg, use: "sig" };
}

describe("verificationKeys with a secret", () => {
  it("refuses secrets of less than 32 bytes and keys that are not secret", () => {
    for (const secret of [createSecretKey(Buffer.alloc(31, 1)), rsa.publicKey]) {
      expect(() => verificationKeys({ type: "secret", secret })).to.throw(RangeError, "32 bytes");
    }
  });
});

describe("verificationKeys with a JWKS", () => {
  let issuer: Server;
  let url: string;
  let requests: number;
  let failing: boolean;
  let service: TestService;

  beforeEach(async () => {
    requests = 0;
    failing = false;
    issuer = createServer((_request, response) => {
      requests += 1;
      const keys = [jwk(rsa.publicKey, "rsa-1", "RS256"), jwk(ec.publicKey, "ec-1", "ES256")];
      response.writeHead(failing ? 500 : 200, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`;
    service = await startTestService({
      authentication: {
        key: { type: "jwks", url },
        issuer: ISSUER,
        audience: AUDIENCE,
        clockToleranceSeconds: 5,
        tenantsClaim: "tenants",
      },
    });
  });
  afterEach(async () => {
    await service.close();
    issuer.closeAllConnections();
    issuer.close();
  });

  async function statusFor(signed: string): Promise<number> {
    const headers = adminHeaders({ Authorization: `Bearer ${signed}`, "X-Tenant-Id": TENANT });
    return (await service.send("/billing/subscription", { headers })).status;
  }

  function sign(
    key: KeyObject | string,
    alg: jwt.Algorithm,
    kid: string | undefined,
    changes = {},
  ) {
    return jwt.sign({ ...soundClaims({ iss: ISSUER, aud: AUDIENCE }), ...changes }, key, {
      algorithm: alg,
      header: { alg, ...(kid !== undefined && { kid }) },
    });
  }

  it("accepts tokens of the published keys and reads them once", async () => {
    for (let round = 1; round <= 5; round += 1) {
      expect(await statusFor(sign(rsa.privateKey, "RS256", "rsa-1"))).to.equal(200);
      expect(await statusFor(sign(ec.privateKey, "ES256", "ec-1"))).to.equal(200);
    }
    expect(requests).to.equal(1);
  });

  const pem = rsa.publicKey.export({ format: "pem", type: "spki" }).toString();
  for (const text of [pem, pem.trim()]) {
    it(`refuses HS256 made with the public key (${text.length} characters)`, async () => {
      const confused = sign(createSecretKey(Buffer.from(text)), "HS256", "rsa-1");
      expect(await statusFor(confused)).to.equal(401);
      expect(requests).to.equal(0);
    });
  }

  it("refuses unpublished keys, and published ones under another name or use", async () => {
    expect(await statusFor(sign(unpublished.privateKey, "RS256", "rsa-1"))).to.equal(401);
    expect(await statusFor(sign(rsa.privateKey, "RS256", "rsa-2"))).to.equal(401);
    expect(await statusFor(sign(rsa.privateKey, "RS512", "rsa-1"))).to.equal(401);
    expect(await statusFor(sign(rsa.privateKey, "RS256", "ec-1"))).to.equal(401);
  });

  for (const kid of ["", "x".repeat(300)]) {
    it(`refuses the key id ${kid.slice(0, 10)} without asking the issuer`, async () => {
      expect(await statusFor(sign(rsa.privateKey, "RS256", kid))).to.equal(401);
      expect(requests).to.equal(0);
    });
  }

  it("accepts tokens that name no key where one only fits", async () => {
    expect(await statusFor(sign(rsa.privateKey, "RS256", undefined))).to.equal(200);
    expect(await statusFor(sign(ec.privateKey, "ES256", undefined))).to.equal(200);
    expect(await statusFor(sign(unpublished.privateKey, "RS256", undefined))).to.equal(401);
  });

  const strangers = [{ iss: "https://other.example.com/" }, { aud: "other" }, { aud: ["other"] }];
  for (const changes of strangers) {
    it(`refuses tokens of a published key with ${JSON.stringify(changes)}`, async () => {
      expect(await statusFor(sign(rsa.privateKey, "RS256", "rsa-1", changes))).to.equal(401);
    });
  }

  it("needs an issuer and an audience", () => {
    const options = {
      key: { type: "jwks", url },
      clockToleranceSeconds: 5,
      tenantsClaim: "t",
    } as const;
    for (const lacking of [
      {},
      { issuer: ISSUER },
      { audience: AUDIENCE },
      { issuer: "", audience: AUDIENCE },
    ]) {
      expect(() => identify({ ...options, ...lacking })).to.throw(RangeError, "issuer");
    }
  });

  for (const [state, isFailing] of [
    ["answers", false],
    ["fails", true],
  ] as const) {
    it(`a flood of 1,000 made-up keys while the issuer ${state} asks it once, and refuses nobody`, async () => {
      const good = sign(rsa.privateKey, "RS256", "rsa-1");
      expect(await statusFor(good)).to.equal(200);
      failing = isFailing;
      const refused: number[] = [];
      const served: number[] = [];
      for (let n = 0; n < 1_000; n += 100) {
        const flood = Array.from({ length: 100 }, (_, index) =>
          statusFor(sign(unpublished.privateKey, "RS256", `invented-${n + index}`)),
        );
        served.push(...(await Promise.all(Array.from({ length: 10 }, () => statusFor(good)))));
        refused.push(...(await Promise.all(flood)));
      }
      expect([...new Set(served)]).to.deep.equal([200]);
      expect([...new Set(refused)]).to.deep.equal([401]);
      expect(requests).to.equal(1);
    });
  }

  it("answers 503, not 401, while the issuer fails", async () => {
    failing = true;
    expect(await statusFor(sign(rsa.privateKey, "RS256", "rsa-1"))).to.equal(503);
  });

  for (const bad of ["http://id.example.com/jwks", "file:///etc/jwks", "jwks", ""]) {
    it(`cannot be constructed with the URL "${bad}"`, () => {
      expect(() => verificationKeys({ type: "jwks", url: bad })).to.throw(RangeError, "https");
    });
  }
});
