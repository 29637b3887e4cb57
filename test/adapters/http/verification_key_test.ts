import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import jwt from "jsonwebtoken";
import { verificationKeys } from "../../../src/adapters/http/verification_key.ts";
import { adminHeaders, startTestService, type TestService } from "../../rig/service_rig.ts";
import { TENANT } from "../../samples/account.ts";
import { soundClaims } from "../../samples/http.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const unpublished = generateKeyPairSync("rsa", { modulusLength: 2048 });

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

  function sign(key: KeyObject | string, alg: jwt.Algorithm, kid: string | undefined): string {
    return jwt.sign({ ...soundClaims() }, key, {
      algorithm: alg,
      header: { alg, ...(kid !== undefined && { kid }) },
    });
  }

  it("accepts tokens of the published keys and reads them once", async () => {
    for (let round = 1; round <= 5; round += 1) {
      expect(await statusFor(sign(rsa.privateKey, "RS256", "rsa-1"))).to.equal(200);
      expect(await statusFor(sign(ec.privateKey, "ES256", "ec-1"))).to.equal(200);
    }
    expect(requests).to.equal(2);
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

  for (const kid of [undefined, "", "x".repeat(300)]) {
    it(`refuses the key id ${String(kid).slice(0, 10)} without asking the issuer`, async () => {
      expect(await statusFor(sign(rsa.privateKey, "RS256", kid))).to.equal(401);
      expect(requests).to.equal(0);
    });
  }

  it("asks the issuer at most 10 times a minute, however many keys are invented", async () => {
    const statuses = new Set<number>();
    for (let n = 1; n <= 50; n += 1) {
      statuses.add(await statusFor(sign(rsa.privateKey, "RS256", `invented-${n}`)));
    }
    expect(requests).to.be.at.most(10);
    expect([...statuses]).to.have.members([401, 503]);
  });

  it("answers 503, not 401, while the issuer fails, and recovers", async () => {
    failing = true;
    const sound = sign(rsa.privateKey, "RS256", "rsa-1");
    expect(await statusFor(sound)).to.equal(503);
    failing = false;
    expect(await statusFor(sound)).to.equal(200);
    failing = true;
    expect(await statusFor(sound)).to.equal(200);
  });

  for (const bad of ["http://id.example.com/jwks", "file:///etc/jwks", "jwks", ""]) {
    it(`cannot be constructed with the URL "${bad}"`, () => {
      expect(() => verificationKeys({ type: "jwks", url: bad })).to.throw(RangeError, "https");
    });
  }
});
