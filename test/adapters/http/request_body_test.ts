import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { adminHeaders, startTestService } from "../../rig/service_rig.ts";
import { useShared } from "../../rig/use_fresh.ts";
import { CHECKOUT } from "../../samples/http.ts";

describe("parseJsonBody", () => {
  const service = useShared(() => startTestService());

  async function post(body: string | Uint8Array, headers: Record<string, string> = {}) {
    const received = await service.send("/billing/checkout", {
      body,
      headers: adminHeaders(headers),
    });
    const { status, body: answer } = received;
    expect(answer).to.have.all.keys(
      ["statusCode", "message", "path", "timestamp", "code"].concat(
        "details" in answer ? "details" : [],
      ),
    );
    return `${status} ${answer.code}`;
  }

  const sound = JSON.stringify(CHECKOUT);
  const deep = (open: string, close: string, depth: number) =>
    `${open.repeat(depth)}${close.repeat(depth)}`;
  const bad: [string, string, string][] = [
    ["half an object", sound.slice(0, -1), "400 invalid_json"],
    ["nothing but blanks", " \n", "400 invalid_json"],
    ["a text", '"pro"', "400 invalid_json"],
    ["a number", "7", "400 invalid_json"],
    ["null", "null", "400 invalid_json"],
    ["a comment", `/* */${sound}`, "400 invalid_json"],
    ["a form", "planSlug=pro", "400 invalid_json"],
    ["20,000 open brackets", "[".repeat(20_000), "400 invalid_json"],
    ["30,000 nested lists", deep("[", "]", 30_000), "400 invalid_body"],
    ["deep lists in a field", `{"planSlug":${deep("[", "]", 25_000)}}`, "400 invalid_body"],
    [
      "deep objects in a field",
      `{"x":${deep('{"a":', "", 9_000)}1${"}".repeat(9_000)}}`,
      "400 invalid_body",
    ],
    ["a number of 60,000 digits", `{"planSlug":${"9".repeat(60_000)}}`, "400 invalid_body"],
    ["40,000 nested lists", deep("[", "]", 40_000), "413 body_too_large"],
    ["64 KiB and one byte", sound.padEnd(65_537), "413 body_too_large"],
    [
      "10,000 unknown fields",
      `{${Array.from({ length: 6_000 }, (_, n) => `"f${n}":1`)}}`,
      "400 invalid_body",
    ],
  ];
  for (const [what, body, expected] of bad) {
    it(`answers ${expected} to ${what}`, async () => {
      expect(await post(body)).to.equal(expected);
    });
  }

  it("takes a body of exactly 64 KiB", async () => {
    const received = await service.send("/billing/checkout", { body: sound.padEnd(65_536) });
    expect(received.status).to.equal(200);
  });

  const pollution = [
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    `{"__proto__":${sound}}`,
    '{"planSlug":{"__proto__":{"polluted":1}}}',
  ];
  for (const body of pollution) {
    it(`refuses ${body.slice(0, 40)} and pollutes no prototype`, async () => {
      expect(await post(body)).to.equal("400 invalid_body");
      expect({}).not.to.have.property("polluted");
      expect({}).not.to.have.property("planSlug");
    });
  }

  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "json",
    "",
  ];
  for (const type of types) {
    it(`answers 415 to Content-Type "${type}"`, async () => {
      const expected = "415 unsupported_media_type";
      expect(await post(Buffer.from(sound), { "Content-Type": type })).to.equal(expected);
    });
  }

  it("answers 415 to other charsets, and takes UTF-8", async () => {
    const type = "application/json; charset=";
    const unsupported = "415 unsupported_media_type";
    expect(await post(sound, { "Content-Type": `${type}latin1` })).to.equal(unsupported);
    expect(await post(sound, { "Content-Type": `${type}utf-9` })).to.equal(unsupported);
    const headers = adminHeaders({ "Content-Type": `${type}UTF-8` });
    const { status } = await service.send("/billing/checkout", { body: sound, headers });
    expect(status).to.equal(200);
  });

  for (const encoding of ["gzip", "deflate", "br", "zstd", "compress"]) {
    it(`answers 415 to Content-Encoding ${encoding}, and unpacks no bomb`, async () => {
      const bomb = gzipSync(Buffer.alloc(20_000_000, " "));
      const headers = { "Content-Encoding": encoding };
      expect(await post(bomb, headers)).to.equal("415 unsupported_encoding");
    });
  }
});
