import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { expect } from "chai";
import jwt from "jsonwebtoken";
import { type Program, runProgram } from "../e2e/program.ts";
import { rawAnswer } from "../rig/raw_answer.ts";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Below the project, so that packages are found that are not bundled. */
const BUNDLE = "node_modules/.cache/service_bundle_test";
const MOST_REQUESTS = 12;
const MOST_BYTES = 60_000;
const SECRET = "6f1e9a4cb7d28035e1f4a9c8b3d7062f5a8e4c1b9d3f7062";
const PACKED = { "Accept-Encoding": "gzip, br" };

describe("the bundle for production", () => {
  const programs: Program[] = [];
  const folder = useTemporaryFolder();

  before(async () => {
    await promisify(execFile)(process.execPath, ["build/bundle_service.ts", BUNDLE], { cwd: ROOT });
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.kill();
      await program.exited();
    }
  });
  after(() => rm(`${ROOT}${BUNDLE}`, { recursive: true }));

  function run(...args: string[]): Program {
    return runWith({}, ...args);
  }

  function runWith(settings: Readonly<Record<string, string>>, ...args: string[]): Program {
    const env = {
      PORT: "0",
      SQLITE_PATH: folder("billing.db"),
      STRIPE_SECRET_KEY: "sk_test_of_the_bundle",
      STRIPE_WEBHOOK_SECRETS: "whsec_0123456789abcdef0123456789abcdef",
      ...(!("AUTH_JWKS_URL" in settings) && { AUTH_JWT_SECRET: SECRET }),
    };
    const program = runProgram(process.execPath, [`${BUNDLE}/main.js`, ...args], {
      env: { ...env, ...settings },
      cwd: ROOT,
    });
    programs.push(program);
    return program;
  }

  it("answers as the sources do, and ends well when it is told to", async () => {
    const program = run();
    const [, url] = await program.printed(/"url":"(http:[^"]+)","msg":"Listening"/);
    const statusOf = async (path: string, init?: RequestInit) =>
      (await fetch(`${url}${path}`, init)).status;
    expect(await statusOf("/healthz")).to.equal(200);
    expect(await statusOf("/billing/subscription")).to.equal(401);
    expect(await statusOf("/billing/webhook", { method: "POST", body: "{}" })).to.equal(400);
    expect(await statusOf("/openapi.json")).to.equal(200);
    expect(await statusOf("/docs/swagger-ui.css")).to.equal(200);
    program.signal("SIGTERM");
    expect(await program.exited(), program.output).to.equal(0);
  });

  it("verifies tokens by a key set; an error in its log has the names that it has in the sources", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const key = { ...publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" };
    const issuer = createServer((_request, response) => {
      response.end(JSON.stringify({ keys: [key] }));
    }).listen(0, "127.0.0.1");
    await once(issuer, "listening");
    const { port } = issuer.address() as AddressInfo;
    const [of, to] = ["https://issuer.example.com/", "billing"];
    const keySet = {
      AUTH_JWKS_URL: `http://127.0.0.1:${port}/jwks`,
      AUTH_ISSUER: of,
      AUTH_AUDIENCE: to,
    };
    const claims = { sub: "user-1", iss: of, aud: to };
    const signing = { algorithm: "RS256", keyid: "one", expiresIn: 600 } as const;
    const headers = { Authorization: `Bearer ${jwt.sign(claims, privateKey, signing)}` };
    const statusOf = async (program: Program) => {
      const [, url] = await program.printed(/"url":"(http:[^"]+)","msg":"Listening"/);
      return (await fetch(`${url}/billing/subscription`, { headers })).status;
    };
    expect(await statusOf(runWith(keySet))).to.equal(400);
    issuer.close();
    const program = runWith(keySet);
    expect(await statusOf(program)).to.equal(503);
    const [line] = await program.printed(/\{[^\n]+"msg":"Cannot answer the request"\}/);
    const { err } = JSON.parse(line);
    expect(err).to.deep.include({
      name: "PortError",
      message: "Cannot read the signing keys of the tokens' issuer",
    });
    expect(err.cause).to.include({ name: "Error" });
    expect(err.cause.message).to.include("ECONNREFUSED");
  });

  it("loads commands, and the sandbox from where it is", async () => {
    const stats = run("events", "stats");
    expect(await stats.exited(), stats.output).to.equal(0);
    const env = { PORT: "0", SANDBOX_PORT: "0", SANDBOX_STATE: ":memory:" };
    const program = runProgram(process.execPath, [`${BUNDLE}/main.js`], {
      env: { ...env, SQLITE_PATH: folder("other.db") },
      cwd: ROOT,
    });
    programs.push(program);
    await program.printed(/Stop with Ctrl\+C/);
  });

  it("shows the page after few requests and bytes", async () => {
    const [, url] = await run().printed(/"url":"(http:[^"]+)","msg":"Listening"/);
    const page = await rawAnswer(`${url}/dashboard/billing`);
    const paths = page.body.toString().matchAll(/(?:src|href)="(assets\/[^"]+)"/g);
    const files = [...new Set([...paths].map(([, path]) => `/dashboard/${path}`))];
    const answers = await Promise.all(
      ["/dashboard/billing", ...files].map((path) => rawAnswer(`${url}${path}`, PACKED)),
    );
    expect(answers.map(({ status }) => status)).to.satisfy((all: number[]) =>
      all.every((status) => status === 200),
    );
    const bytes = answers.reduce((sum, { body }) => sum + body.length, 0);
    expect(answers.length).to.be.within(3, MOST_REQUESTS);
    expect(bytes).to.be.within(10_000, MOST_BYTES);
    const shared = await rawAnswer(`${url}${files.find((path) => path.includes("shared"))}`);
    expect(shared.body.toString())
      .to.include("charts-css.column")
      .and.not.include("charts-css.pie");
  });
});
