import { invalidRequest } from "../engine/request_error.ts";
import type { WireCustomer } from "../state/wire.ts";

const QUOTED = String.raw`(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")`;
const CLAUSE = new RegExp(
  String.raw`^(?:(email|name|phone)|metadata\[${QUOTED}\])\s*:\s*${QUOTED}`,
);

/**
 * Reads a search query of exact clauses joined by `AND`, such as `metadata['tenantId']:'t1'`.
 * @throws {RequestError} for anything else of Stripe's search language
 */
export function parseCustomerQuery(query: string): (customer: WireCustomer) => boolean {
  const tests: ((customer: WireCustomer) => boolean)[] = [];
  let rest = query.trim();
  do {
    const match = CLAUSE.exec(rest);
    if (match === null) {
      throw invalidRequest(
        `The sandbox cannot read the search query: ${query}. It knows metadata['key']:'value', ` +
          "email:'value', name:'value' and phone:'value', joined by AND.",
        "query",
      );
    }
    const [clause, field, ...quoted] = match;
    const key = unescaped(quoted[0] ?? quoted[1] ?? "");
    const value = unescaped(quoted[2] ?? quoted[3] ?? "");
    tests.push((customer) => fieldOf(customer, field, key) === value);
    rest = rest.slice(clause.length).replace(/^\s+AND\s+(?=\S)/i, "");
  } while (rest !== "");
  return (customer) => tests.every((test) => test(customer));
}

function fieldOf(customer: WireCustomer, field: string | undefined, key: string): unknown {
  switch (field) {
    case "email":
      return customer.email;
    case "name":
      return customer.name;
    case "phone":
      return customer.phone;
    default:
      return Object.hasOwn(customer.metadata, key) ? customer.metadata[key] : undefined;
  }
}

function unescaped(quoted: string): string {
  return quoted.replaceAll(/\\(.)/g, "$1");
}
