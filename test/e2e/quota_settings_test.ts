import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import jwt from "jsonwebtoken";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import type { EmailUsage } from "../../src/domain/quota/email_quota.ts";
import { type Received, send } from "../rig/service_rig.ts";
import { type StartedBilling, startBilling } from "../rig/started_billing.ts";

const SECRET = "p3Qm8vX1".repeat(8);
const TENANT = "clquota0001";
const PATIENCE_MS = 60_000;

describe("a service that is started with", () => {
  let running: StartedBilling;

  afterEach(() => running.close());

  async function start(env: Readonly<Record<string, string>>): Promise<void> {
    running = await startBilling({ AUTH_JWT_SECRET: SECRET, ...env });
  }

  async function count(body: object): Promise<Received> {
    const claims = { sub: "sender", scope: "billing:usage", tenants: "*" };
    const token = jwt.sign(claims, SECRET, { expiresIn: "1h" });
    const headers = {
      Authorization: `Bearer ${token}`,
      "X-Tenant-Id": TENANT,
      "Content-Type": "application/json",
    };
    return await send(`${running.service.url}/billing/usage/emails`, { headers, body });
  }

  /** What its database says, read from beside it. */
  async function stored(): Promise<EmailUsage | undefined> {
    const store = openSqliteStore(running.env.SQLITE_PATH ?? "");
    try {
      return await store.emailUsage.find(TENANT);
    } finally {
      await store.close();
    }
  }

  for (const [setting, isBlock] of [
    ["true", true],
    ["false", false],
  ] as const) {
    it(`P31 QUOTA_LEASES=${setting} ${isBlock ? "counts from a block" : "counts each send"}`, async () => {
      await start({ QUOTA_LEASES: setting, QUOTA_LEASE_EMAILS: "20" });
      for (let used = 1; used <= 3; used += 1) {
        const { status, body } = await count({ count: 1 });
        expect(status).to.equal(200);
        expect(body.quota).to.include({ used });
      }
      const usedMeanwhile = (await stored())?.used ?? 0;
      expect(usedMeanwhile > 3, `${usedMeanwhile} are counted`).to.equal(isBlock);
      await running.restart({ QUOTA_LEASES: "false" });
      expect((await stored())?.used, "what is left of a block is given back").to.equal(3);
    });
  }

  for (const setting of ["open", "closed"] as const) {
    it(`P34 QUOTA_WHEN_STORE_FAILS=${setting} decides on sends while the database hangs`, async () => {
      await start({ QUOTA_WHEN_STORE_FAILS: setting });
      expect((await count({ count: 1, key: "before" })).status).to.equal(200);
      const other = new DatabaseSync(running.env.SQLITE_PATH ?? "");
      other.exec("BEGIN IMMEDIATE");
      const during = await count({ count: 2, key: "during" });
      other.exec("ROLLBACK");
      other.close();
      if (setting === "closed") {
        expect(during.status).to.equal(503);
        expect(during.headers.has("Retry-After")).to.equal(true);
        expect((await stored())?.used).to.equal(1);
        return;
      }
      expect(during.status).to.equal(200);
      expect(during.body.quota).to.equal(null);
      const deadline = Date.now() + PATIENCE_MS;
      do {
        expect((await count({ count: 1, key: "after" })).status).to.equal(200);
      } while ((await stored())?.used !== 4 && Date.now() < deadline);
      expect((await stored())?.used, "it is counted when the database is back").to.equal(4);
    });
  }
});
