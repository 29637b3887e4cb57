import { createSecretKey } from "node:crypto";
import { expect } from "chai";
import { signDevelopmentToken } from "../../../../src/adapters/http/identity/development_token.ts";
import { adminHeaders, startTestService } from "../../../rig/service_rig.ts";
import { TENANT } from "../../../samples/account.ts";
import { SECRET } from "../../../samples/http.ts";

describe("signDevelopmentToken", () => {
  it("makes a token that the service accepts for that tenant's money", async () => {
    const terms = { issuer: "dev", audience: "billing", tenantsClaim: "memberships" };
    const key = { type: "secret", secret: SECRET } as const;
    const service = await startTestService({
      authentication: { key, clockToleranceSeconds: 0, ...terms },
    });
    const send = (secret = SECRET) => {
      const token = signDevelopmentToken(secret, { tenantId: TENANT, ...terms });
      const headers = adminHeaders({ Authorization: `Bearer ${token}` });
      return service.send("/billing/portal", { method: "POST", headers });
    };
    const accepted = await send();
    const refused = await send(createSecretKey(Buffer.alloc(32, 1)));
    await service.close();
    expect([accepted.body.code, refused.status]).to.deep.equal(["no_customer", 401]);
  });
});
