import { apiDocument } from "../../rig/api_document.ts";
import { operationsOf, sampleRequest } from "../../rig/api_operations.ts";
import { send } from "../../rig/service_rig.ts";
import { casesOf, rightClaims } from "../../rig/tenancy_cases.ts";
import { TENANT } from "../../samples/account.ts";
import { token } from "../../samples/http.ts";
import { attackService } from "../spoiled_service.ts";
import { statusOf, type Table } from "../table.ts";

const operations = operationsOf(apiDocument());

/** Every route, asked by everybody who may not have it, and by those who may. */
export const MATRIX_TABLE: Table = {
  name: "tenancy matrix",
  plant: "every request is given an owner's token",
  attack: (isPlanted) =>
    attackService(
      isPlanted
        ? (passing) => ({
            ...passing,
            headers: {
              ...passing.headers,
              authorization: `Bearer ${token(rightClaims(new Set(), []))}`,
            },
          })
        : null,
      async (url) => {
        const asked = operations.flatMap((operation) =>
          casesOf(operation).map((one) => ({ operation, one })),
        );
        const rows = [];
        for (const { operation, one } of asked) {
          const { path, body } = sampleRequest(operation);
          const headers = {
            ...(one.claims !== null && { Authorization: `Bearer ${token(one.claims)}` }),
            "X-Tenant-Id": TENANT,
          };
          const method = operation.method.toUpperCase();
          const status = await statusOf(send(`${url}${path}`, { method, headers, body }));
          const held =
            one.refused === null ? ![0, 401, 403].includes(status) : status === one.refused[0];
          rows.push({ what: `${method} ${operation.path} by ${one.who}`, held });
        }
        return rows;
      },
    ),
};
