import { expect } from "chai";
import { apiDocument } from "../../rig/api_document.ts";
import { type Operation, operationsOf, sampleRequest } from "../../rig/api_operations.ts";
import { type Received, type Sent, type TestService, useService } from "../../rig/service_rig.ts";
import { type Case, casesOf } from "../../rig/tenancy_cases.ts";
import { TENANT } from "../../samples/account.ts";
import { FOREIGN_TENANT, token } from "../../samples/http.ts";

const operations = operationsOf(apiDocument());
async function ask(service: TestService, operation: Operation, one: Case): Promise<Received> {
  const { path, body } = sampleRequest(operation);
  const headers = {
    ...(one.claims !== null && { Authorization: `Bearer ${token(one.claims)}` }),
    "X-Tenant-Id": TENANT,
  };
  const sent: Sent = { method: operation.method.toUpperCase(), headers, body };
  return await service.send(path, sent);
}

describe("the tenancy matrix (P35)", () => {
  const service = useService();

  it("is of all routes", () => {
    const kinds = operations.map(({ codes }) => codes.has("token_missing"));
    expect(kinds.filter(Boolean).length).to.be.greaterThan(20);
    expect(kinds.filter((isKept) => !isKept).length).to.equal(3);
  });

  for (const operation of operations) {
    for (const one of casesOf(operation)) {
      const [status, code] = one.refused ?? [];
      const answer = status === undefined ? "lets" : `refuses with ${status} ${code}`;
      it(`${operation.method} ${operation.path} ${answer} ${one.who}`, async () => {
        const received = await ask(service, operation, one);
        if (one.refused === null) {
          expect(received.status, received.text).to.not.be.oneOf([401, 403]);
          expect(received.status, received.text).to.be.lessThan(500);
        } else {
          expect([received.status, received.body.code]).to.deep.equal([status, code]);
          expect(received.text).to.not.include(FOREIGN_TENANT);
        }
      });
    }
  }
});
