import { expect } from "chai";
import { isKey } from "../../../src/domain/text.ts";
import { useService } from "../../rig/service_rig.ts";
import { TENANT } from "../../samples/account.ts";
import { token } from "../../samples/http.ts";
import { oddTexts } from "../../samples/odd_text.ts";

/** JSON as a careless client writes it: half surrogate pairs stay what they are. */
function json(value: object): string {
  return JSON.stringify(value);
}

describe("Odd text over HTTP", () => {
  const service = useService();
  const headers = {
    Authorization: `Bearer ${token({ scope: "billing:tokens billing:usage", tenants: "*" })}`,
    "X-Tenant-Id": TENANT,
    "Content-Type": "application/json",
  };
  const post = (path: string, body: object) =>
    service.send(`/billing${path}`, { method: "POST", headers, body: json(body) });

  beforeEach(() =>
    service.billing.adjustTokens.execute({
      tenantId: TENANT,
      tokens: 1_000,
      reason: "for the test",
      operator: "Ada",
    }),
  );

  it("P46 400 texts as keys in bodies and paths are answered as they are, or refused with 400", async () => {
    let refused = 0;
    for (const text of oddTexts(400, 4)) {
      const name = JSON.stringify(text);
      const counted = await post("/usage/emails", { key: text, count: 1 });
      const reserved = await post("/tokens/reservations", { key: text, amount: 1 });
      if (isKey(text)) {
        expect(counted.body.code, name).to.be.oneOf([undefined, "email_quota_exceeded"]);
        expect(reserved.body.code, name).to.be.oneOf([undefined, "insufficient_tokens"]);
        const released = await post(`/tokens/reservations/${encodeURIComponent(text)}/release`, {});
        expect(released.status, name).to.equal(reserved.status === 200 ? 200 : 404);
        continue;
      }
      refused += 1;
      for (const { status, body } of [counted, reserved]) {
        expect(status, name).to.equal(400);
        expect((body.details as { field: string }[])[0]?.field, name).to.equal("key");
      }
      if (text.isWellFormed() && !["", ".", ".."].includes(text)) {
        const path = `/tokens/reservations/${encodeURIComponent(text)}/release`;
        expect((await post(path, {})).body, name).to.include({ code: "invalid_path" });
      }
    }
    expect(refused).to.be.greaterThan(100);
  });

  it("P46 half an emoji in a reason is refused, again and again, and nothing is damaged", async () => {
    const body = { key: "call-1", amount: 1, reason: "thank you \ud83d" };
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { status, body: refusal } = await post("/tokens/debits", body);
      expect(status).to.equal(400);
      expect(refusal.message).to.include("reason must be 1 to 200 characters of well-formed text");
    }
    expect((await post("/tokens/debits", { ...body, reason: "thank you" })).status).to.equal(200);
    expect((await service.billing.verifyLedgers.execute({})).damaged).to.deep.equal([]);
  });

  it("P46 any other text in a body has to be well-formed, too", async () => {
    const headers = { Authorization: `Bearer ${token()}`, "X-Tenant-Id": TENANT };
    const { status, body } = await service.send("/billing/checkout", {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: json({ planSlug: "pro\udc00", successUrl: "https://a.example", cancelUrl: "x" }),
    });
    expect(status).to.equal(400);
    expect(body.message).to.include("planSlug must be well-formed Unicode text");
  });

  for (const sub of ["a\ud83d", "a\u0000", "\u001b[31m", "a".repeat(256), " "]) {
    it(`P46 a token for the subject ${JSON.stringify(sub).slice(0, 20)} is refused`, async () => {
      const Authorization = `Bearer ${token({ sub })}`;
      const { status } = await service.send("/billing/plans", { headers: { Authorization } });
      expect(status).to.equal(401);
    });
  }
});
