import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import {
  type PublishedKey,
  PublishedKeys,
} from "../../../../src/adapters/http/identity/published_keys.ts";
import { PortError } from "../../../../src/application/ports/port_error.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const rsa = (kid: string | undefined, alg?: string): PublishedKey => ({
  kid,
  alg,
  key: generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey,
});
const ec = (kid: string, namedCurve: string): PublishedKey => ({
  kid,
  key: generateKeyPairSync("ec", { namedCurve }).publicKey,
});

describe("PublishedKeys", () => {
  const first = rsa("first");
  const second = rsa("second");
  let published: readonly PublishedKey[];
  let failing: boolean;
  let reads: number;
  let nowMs: number;
  let keys: PublishedKeys;

  beforeEach(() => {
    published = [first];
    failing = false;
    reads = 0;
    nowMs = 1_000_000;
    keys = new PublishedKeys(
      async () => {
        reads += 1;
        if (failing) {
          throw new Error("no answer");
        }
        return published;
      },
      () => nowMs,
    );
  });

  const find = (kid: unknown, alg: unknown = "RS256") => keys.find({ kid, alg });
  const failureOf = async (kid: string) => await find(kid).catch((error: unknown) => error);

  it("reads the whole set once, however many ask at once", async () => {
    published = [first, second];
    const found = await Promise.all(["first", "second", "first"].map((kid) => find(kid)));
    expect(found).to.deep.equal([first.key, second.key, first.key]);
    expect(reads).to.equal(1);
  });

  it("reads again for an unknown key, not within 30 s of another read", async () => {
    await find("first");
    published = [first, second];
    nowMs += 29_999;
    expect(await find("second")).to.equal(undefined);
    expect(reads).to.equal(1);
    nowMs += 1;
    expect(await find("second")).to.equal(second.key);
    expect(reads).to.equal(2);
    expect(await find("third")).to.equal(undefined);
    expect(reads).to.equal(2);
  });

  it("reads in the background what is older than 5 minutes; nobody waits", async () => {
    await find("first");
    published = [second];
    nowMs += 5 * MINUTE_MS + 1;
    expect(await find("first")).to.equal(first.key);
    expect(reads).to.equal(2);
    await new Promise(setImmediate);
    expect(await find("second")).to.equal(second.key);
    expect(await find("first"), "a key that was taken back").to.equal(undefined);
    expect(reads).to.equal(2);
  });

  it("has another set in force after each read, and none after a day without one", async () => {
    expect(keys.inForce()).to.equal(null);
    await find("first");
    const before = keys.inForce();
    expect(before).not.to.equal(null);
    expect(keys.inForce()).to.equal(before);
    nowMs += 5 * MINUTE_MS + 1;
    await find("first");
    await new Promise(setImmediate);
    expect(reads).to.equal(2);
    expect(keys.inForce()).not.to.equal(before).and.not.equal(null);
    nowMs += 24 * HOUR_MS + 1;
    expect(keys.inForce()).to.equal(null);
  });

  it("goes on with known keys for a day while the issuer fails, asking every 30 s", async () => {
    await find("first");
    failing = true;
    for (nowMs += 23 * HOUR_MS; reads < 4; nowMs += 10_000) {
      expect(await find("first")).to.equal(first.key);
      await new Promise(setImmediate);
    }
    nowMs += HOUR_MS;
    expect(await failureOf("first"))
      .to.be.instanceOf(PortError)
      .and.include({ transient: true });
    failing = false;
    nowMs += 30_000;
    expect(await find("first")).to.equal(first.key);
  });

  it("cannot tell unknown keys from wrong ones while the issuer fails, and says so", async () => {
    await find("first");
    failing = true;
    nowMs += 30_000;
    for (let n = 1; n <= 100; n += 1) {
      expect(await failureOf(`invented-${n}`)).to.be.instanceOf(PortError);
    }
    expect(reads).to.equal(2);
    failing = false;
    nowMs += 30_000;
    expect(await find("invented")).to.equal(undefined);
  });

  it("without any keys tries again after a second", async () => {
    failing = true;
    for (const wait of [0, 500, 499]) {
      nowMs += wait;
      expect(await failureOf("first")).to.be.instanceOf(PortError);
    }
    expect(reads).to.equal(1);
    failing = false;
    nowMs += 1;
    expect(await find("first")).to.equal(first.key);
  });

  it("without a name takes the only key that fits the algorithm", async () => {
    const [p256, p384] = [ec("a", "P-256"), ec("b", "P-384")];
    published = [rsa("only", "RS256"), p256, p384];
    expect(await find(undefined, "RS256")).to.equal(published[0]?.key);
    expect(await find(undefined, "ES256")).to.equal(p256.key);
    expect(await find(undefined, "ES384")).to.equal(p384.key);
    for (const alg of ["PS256", "ES512", "HS256", "none", 1]) {
      expect(await find(undefined, alg), String(alg)).to.equal(undefined);
    }
  });

  it("without a name takes none of several that fit", async () => {
    published = [first, second];
    expect(await find(undefined)).to.equal(undefined);
  });

  it("takes no key for another algorithm or kind, or whose name is there twice", async () => {
    published = [rsa("one", "RS256"), ec("curve", "P-256"), rsa("twin"), rsa("twin")];
    expect(await find("one", "RS256")).to.equal(published[0]?.key);
    expect(await find("one", "PS256")).to.equal(undefined);
    expect(await find("curve", "RS256")).to.equal(undefined);
    expect(await find("curve", "ES384")).to.equal(undefined);
    expect(await find("twin")).to.equal(undefined);
  });

  for (const kid of ["", "x".repeat(257), null, 1, {}, ["first"]]) {
    it(`takes no key for the name ${JSON.stringify(kid).slice(0, 12)}, and reads nothing`, async () => {
      expect(await find(kid)).to.equal(undefined);
      expect(reads).to.equal(0);
    });
  }
});
