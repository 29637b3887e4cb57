import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect } from "chai";
import {
  createDashboard,
  type DashboardOptions,
  DevelopmentSession,
} from "../../../src/adapters/dashboard/create_dashboard.ts";
import { rawAnswer } from "../../rig/raw_answer.ts";
import { send } from "../../rig/service_rig.ts";

const SESSION = { token: "header.payload.signature", tenantId: "cldemo0001" };

describe("createDashboard", () => {
  const ends: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0)) {
      await end();
    }
  });

  async function start(options: DashboardOptions = {}): Promise<string> {
    const dashboard = await createDashboard(options);
    const server = createServer((request, response) => {
      dashboard(request, response, () => {
        response.writeHead(418);
        response.end();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    ends.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("serves a page whose every script and style is its own, and may be kept for ever", async () => {
    const url = await start();
    const page = await send(`${url}/billing`, { headers: {} });
    expect(page.status).to.equal(200);
    expect(page.headers.get("Cache-Control")).to.equal("no-cache");
    const files = [...page.text.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(
      ([, file]) => file,
    );
    expect(files.length).to.be.greaterThan(10);
    for (const file of files) {
      const asset = await send(`${url}/${file}`, { headers: {} });
      expect([file, asset.status]).to.deep.equal([file, 200]);
      expect(asset.headers.get("Cache-Control")).to.equal("public, max-age=31536000, immutable");
      expect(asset.headers.get("Content-Type")).to.match(/^text\/(javascript|css); charset=utf-8$/);
    }
    expect(page.text).not.to.match(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  });

  it("packs its files as the browser asks, and sends none that the browser has", async () => {
    const url = await start();
    const [file = ""] = /assets\/mailingcore_billing-[^"]+/.exec(
      (await send(`${url}/billing`, { headers: {} })).text,
    ) ?? [""];
    const plain = await rawAnswer(`${url}/${file}`);
    expect(plain.headers["content-encoding"]).to.equal(undefined);
    const unpackers = { br: brotliDecompressSync, gzip: gunzipSync };
    for (const [accepted, encoding] of [
      ["gzip, deflate, br, zstd", "br"],
      ["BR;q=0.1, gzip", "br"],
      ["br;q=0, gzip", "gzip"],
      ["gzip;q=1.0", "gzip"],
    ] as const) {
      const { headers, body } = await rawAnswer(`${url}/${file}`, { "Accept-Encoding": accepted });
      expect(headers["content-encoding"], accepted).to.equal(encoding);
      expect(headers["content-length"], accepted).to.equal(String(body.length));
      expect(headers.vary, accepted).to.equal("Accept-Encoding");
      expect(unpackers[encoding](body).equals(plain.body), accepted).to.equal(true);
      expect(body.length).to.be.lessThan(plain.body.length / 2);
    }
    for (const accepted of ["identity", "br;q=0", "gzip;q=0.0, x-br", "*"]) {
      const { headers, body } = await rawAnswer(`${url}/${file}`, { "Accept-Encoding": accepted });
      expect(headers["content-encoding"], accepted).to.equal(undefined);
      expect(body.equals(plain.body), accepted).to.equal(true);
    }
    const tag = plain.headers.etag ?? "";
    for (const known of [tag, tag.slice(2), `"other", ${tag}`]) {
      const { status, body } = await rawAnswer(`${url}/${file}`, { "If-None-Match": known });
      expect([status, body.length], known).to.deep.equal([304, 0]);
    }
    const other = await rawAnswer(`${url}/${file}`, { "If-None-Match": '"other"' });
    expect(other.status).to.equal(200);
    const page = await rawAnswer(`${url}/billing`);
    expect(page.headers.etag).not.to.equal(tag);
  });

  it("forbids everything else by its policy", async () => {
    const policy = async (options: DashboardOptions) => {
      const { headers } = await send(`${await start(options)}/billing`, { headers: {} });
      return headers.get("Content-Security-Policy") ?? "";
    };
    expect((await policy({})).split("; ")).to.deep.equal([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(await policy({ sessionUrl: "https://app.example.com/session?a=1" })).to.include(
      "connect-src 'self' https://app.example.com;",
    );
  });

  it("tells the page where to ask who is signed in, and cannot be made to say more", async () => {
    const url = await start({ sessionUrl: 'https://app.example.com/s?a="><script>' });
    const { text } = await send(`${url}/billing`, { headers: {} });
    expect(text).to.include('data-session-url="https://app.example.com/s?a=&quot;>&lt;script>"');
    expect((await send(`${await start()}/billing`, { headers: {} })).text).not.to.include(
      "session",
    );
  });

  it("gives other dashboards a module that stays, and leads to one that does not", async () => {
    const url = await start();
    const entry = await send(`${url}/mailingcore-billing.js`, { headers: {} });
    expect(entry.headers.get("Cache-Control")).to.equal("no-cache");
    expect(entry.headers.get("Access-Control-Allow-Origin")).to.equal("*");
    const [, file] = /^import "\.\/(assets\/[^"]+)";\n$/.exec(entry.text) ?? [];
    const element = await send(`${url}/${file}`, { headers: {} });
    expect(element.status).to.equal(200);
    expect(element.text).to.include("mailingcore-billing");
    expect(element.headers.get("Access-Control-Allow-Origin")).to.equal("*");
  });

  it("answers HEAD, refuses other methods, and leaves other paths alone", async () => {
    const url = await start();
    const head = await send(`${url}/billing`, { method: "HEAD", headers: {} });
    expect([head.status, head.text]).to.deep.equal([200, ""]);
    const post = await send(`${url}/billing`, { method: "POST", headers: {} });
    expect([post.status, post.headers.get("Allow")]).to.deep.equal([405, "GET, HEAD"]);
    for (const path of ["/", "/assets/", "/assets/../billing.ts", "/sign-in", "/session", "//"]) {
      expect((await send(`${url}${path}`, { headers: {} })).status, path).to.equal(418);
    }
  });

  it("signs a developer in by the printed link, for the page alone", async () => {
    const development = new DevelopmentSession(() => SESSION);
    const url = await start({ development });
    const link = await fetch(`${url}/sign-in?code=${development.code}`, { redirect: "manual" });
    expect(link.status).to.equal(303);
    expect(link.headers.get("Location")).to.equal("billing");
    const [cookie = "", ...attributes] = (link.headers.get("Set-Cookie") ?? "").split("; ");
    expect(attributes).to.deep.equal(["HttpOnly", "SameSite=Strict"]);
    expect(cookie).not.to.include(development.code);
    const session = await send(`${url}/session`, {
      method: "POST",
      headers: { Cookie: `theme=dark; ${cookie}`, Origin: url },
    });
    expect(session.headers.get("Cache-Control")).to.equal("no-store");
    expect(session.body).to.deep.equal(SESSION);
  });

  it("signs nobody else in", async () => {
    const development = new DevelopmentSession(() => SESSION);
    const url = await start({ development });
    const other = new DevelopmentSession(() => SESSION);
    for (const query of ["", "?code=", `?code=${other.code}`, `?code=${development.code}x`]) {
      const { status, headers } = await fetch(`${url}/sign-in${query}`, { redirect: "manual" });
      expect([query, status, headers.get("Set-Cookie")]).to.deep.equal([query, 403, null]);
    }
    const link = await fetch(`${url}/sign-in?code=${development.code}`, { redirect: "manual" });
    const cookie = link.headers.get("Set-Cookie")?.split(";")[0] ?? "";
    const ask = (headers: Record<string, string>, method = "POST") =>
      send(`${url}/session`, { method, headers }).then(({ status, text }) => [status, text]);
    expect(await ask({ Origin: url })).to.deep.equal([204, ""]);
    expect(await ask({ Origin: url, Cookie: `${cookie}x` })).to.deep.equal([204, ""]);
    for (const Origin of ["https://evil.example", "null", url.replace("127.0.0.1", "localhost")]) {
      const [status] = await ask({ Origin, Cookie: cookie });
      expect([Origin, status]).to.deep.equal([Origin, 403]);
    }
    expect((await ask({ Cookie: cookie }))[0], "no origin").to.equal(403);
    expect((await ask({ Origin: url, Cookie: cookie }, "GET"))[0]).to.equal(405);
  });
});
