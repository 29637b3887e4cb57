import { randomBytes } from "node:crypto";
import { expect } from "chai";
import jwt from "jsonwebtoken";
import { useTemporaryFolder } from "../rig/temporary_folder.ts";
import { type Program, runProgram } from "./program.ts";

const TENANT = "cldevelop1";
const random = () => randomBytes(30).toString("base64url").replaceAll(/[-_]/g, "x");

/** The secrets that the service is started with. */
const GIVEN = {
  AUTH_JWT_SECRET: `${random()}${random()}`,
  METRICS_TOKEN: random(),
  LEDGER_KEYS: `2026:${random()}`,
};

/** Secrets of others, as they stand in what clients send. */
const SENT = {
  "a client secret": `pi_3${random().slice(0, 20)}_secret_${random()}`,
  "a setup's client secret": `seti_1${random().slice(0, 20)}_secret_${random()}`,
  "a session's client secret": `cs_test_a1${random()}_secret_${random()}`,
  "a key of Stripe": `sk_live_${random()}`,
  "a restricted key of Stripe": `rk_test_${random()}`,
  "a key of MailingCore": `mc_live_${random()}`,
  "a signing secret": `whsec_${random()}`,
  "a database's address": `mongodb+srv://billing:${random()}@db`,
  "a Checkout link": `https://checkout.stripe.com/c/pay/cs_live_${random()}`,
  "a Portal link": `https://billing.stripe.com/p/session/live_${random()}`,
  "an invoice's link": `https://invoice.stripe.com/i/acct_1/live_${random()}?s=ap`,
  "a token": `eyJhbGciOiJIUzI1NiJ9.${random()}.${random()}`,
};

describe("The log of a running service", () => {
  const inFolder = useTemporaryFolder();
  let program: Program;
  let url: string;

  beforeEach(async () => {
    program = runProgram(process.execPath, ["src/main.ts"], {
      cwd: process.cwd(),
      env: {
        PORT: "0",
        SANDBOX_PORT: "0",
        SANDBOX_STATE: ":memory:",
        SQLITE_PATH: inFolder("billing.db"),
        LOG_LEVEL: "trace",
        ...GIVEN,
      },
    });
    [, url = ""] = await program.printed(/"url":"(http:\/\/[^"]+)"/);
  });
  afterEach(() => program.kill());

  async function ask(path: string, sent: RequestInit = {}, as = token()): Promise<unknown> {
    const headers = {
      Authorization: `Bearer ${as}`,
      "X-Tenant-Id": TENANT,
      "Content-Type": "application/json",
      ...sent.headers,
    };
    const answer = await fetch(`${url}${path}`, { ...sent, headers });
    const text = await answer.text();
    return text.startsWith("{") ? JSON.parse(text) : text;
  }

  function token(claims: object = { tenants: [{ id: TENANT, role: "OWNER" }] }): string {
    return jwt.sign({ sub: random(), ...claims }, GIVEN.AUTH_JWT_SECRET, { expiresIn: 900 });
  }

  const post = (body: object): RequestInit => ({ method: "POST", body: JSON.stringify(body) });

  /** What in an answer gives access to something: a secret, or else a link. */
  function secretOf(answer: unknown): string {
    const { url: link, secret } = answer as { url?: string; secret?: string };
    const text = secret ?? link ?? "";
    expect(text.length, JSON.stringify(answer)).to.be.greaterThan(20);
    return text;
  }

  it("shows no secret of its settings, of clients or of its own answers", async () => {
    const bearer = token();
    const page = { successUrl: `${url}/dashboard/billing`, cancelUrl: `${url}/dashboard/billing` };
    const checkout = await ask("/billing/checkout", post({ planSlug: "pro", ...page }));
    const portal = await ask("/billing/portal", post({}));
    const operator = token({ scope: "billing:admin", tenants: "*" });
    const hook = { url: "https://hooks.example.com/", events: ["pack.bought"] };
    const endpoint = await ask("/billing/webhook-endpoints", post(hook), operator);
    const told = [checkout, portal, endpoint].map(secretOf);
    const parts = Object.values(GIVEN).map((text) => text.replace(/^\w+:/, ""));
    const canaries = [...parts, ...Object.values(SENT), ...told, bearer, operator];
    for (const canary of canaries) {
      const inPath = encodeURIComponent(canary);
      const headers = { "X-Request-Id": canary, "User-Agent": canary, Cookie: `a=${canary}` };
      await ask(`/billing/events/${inPath}`, { headers });
      await ask(`/billing/plans?client_secret=${inPath}`, { headers });
      await ask(`/nowhere/${canary}`);
      await ask("/billing/portal", post({ returnUrl: canary, [canary]: canary }));
      await ask("/billing/tokens/debits", post({ key: canary, amount: 1, reason: canary }));
      await ask("/billing/checkout", { method: "POST", body: `{"planSlug": "${canary}` });
      await ask("/billing/subscription", { headers: { "X-Tenant-Id": inPath } });
      await ask("/billing/subscription", {}, canary);
      await ask("/metrics", {}, canary);
      await ask("/billing/webhook", {
        ...post({ id: canary }),
        headers: { "Stripe-Signature": `t=${Math.floor(Date.now() / 1_000)},v1=${canary}` },
      });
    }
    program.signal("SIGTERM");
    await program.exited();
    const lines = program.output.split("\n").filter((line) => line.startsWith("{"));
    expect(lines.length).to.be.greaterThan(5 * canaries.length);
    const shown = canaries.filter((canary) => program.output.includes(secretPart(canary)));
    expect(shown).to.deep.equal([]);
  });

  /** The part of a text that is secret, without what may be told of it. */
  function secretPart(text: string): string {
    return text.slice(-16);
  }
});
