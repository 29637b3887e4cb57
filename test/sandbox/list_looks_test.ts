import { expect } from "chai";
import { Account } from "../../sandbox/account.ts";
import type { FormHash } from "../../sandbox/api/form.ts";
import { ROUTES } from "../../sandbox/api/routes.ts";
import { emptyState } from "../../sandbox/state/state.ts";
import { countLooks } from "./count_looks.ts";

const START_MS = Date.parse("2026-01-31T10:00:00Z");
const PAGE = 10;

interface Listed {
  readonly data: readonly { readonly id: string }[];
  readonly has_more: boolean;
}

describe("Lists of the sandbox", () => {
  it("cost each object as many looks, however many there are", () => {
    const [few, many] = [looksPerCustomer(30), looksPerCustomer(150)];
    for (const [name, looks] of Object.entries(many)) {
      expect(looks, name).to.be.at.most((few[name] ?? 0) * 1.5);
    }
  });

  it("refuse a cursor that the list does not have", () => {
    const { call } = shop(3);
    const [{ id = "" } = {}] = (call("GET /v1/customers", {}) as Listed).data;
    const lists = { "GET /v1/customers": "cus_nobody", "GET /v1/subscriptions": id };
    for (const [name, cursor] of Object.entries(lists)) {
      expect(() => call(name, { starting_after: cursor })).to.throw(`'${cursor}'`);
    }
  });
});

/** An account with customers who each have a subscription and its invoice. */
function shop(customers: number) {
  const state = emptyState();
  const account = new Account({ state, now: () => START_MS, deliver: () => undefined });
  const call = (name: string, form: FormHash): unknown => {
    const found = ROUTES.find(({ method, path }) => `${method} ${path}` === name);
    return account.transact(found?.prepare(form, { id: "", second: "" }) ?? expect.fail(name));
  };
  const made = (name: string, form: FormHash) => (call(name, form) as { id: string }).id;
  const product = made("POST /v1/products", { name: "Pro" });
  const price = made("POST /v1/prices", {
    product,
    currency: "usd",
    unit_amount: "900",
    recurring: { interval: "month" },
  });
  const ids = Array.from({ length: customers }, (_, number) => {
    const customer = made("POST /v1/customers", { email: `user${number}@example.com` });
    made("POST /v1/subscriptions", {
      customer,
      items: [{ price }],
      collection_method: "send_invoice",
      days_until_due: "30",
    });
    return customer;
  });
  return { state, call, ids };
}

/** How many objects of tables are looked at for each customer, by the list that is read. */
function looksPerCustomer(customers: number): Record<string, number> {
  const { state, call, ids } = shop(customers);
  let looks = 0;
  const count = (by: number) => {
    looks += by;
  };
  countLooks(state.customers, count);
  countLooks(state.subscriptions, count);
  countLooks(state.invoices, count);
  const during = (work: () => void) => {
    looks = 0;
    work();
    return looks / customers;
  };
  const all = (name: string) => () => expect(readAll(call, name)).to.equal(customers);
  const own = (name: string) => () => {
    for (const customer of ids) {
      expect((call(name, { customer }) as Listed).data.length).to.equal(1);
    }
  };
  return {
    customers: during(all("GET /v1/customers")),
    subscriptions: during(all("GET /v1/subscriptions")),
    invoices: during(all("GET /v1/invoices")),
    "a customer's subscriptions": during(own("GET /v1/subscriptions")),
    "a customer's invoices": during(own("GET /v1/invoices")),
  };
}

/** Reads a list page by page; answers how many objects it has. */
function readAll(call: (name: string, form: FormHash) => unknown, name: string): number {
  const ids = new Set<string>();
  let cursor = {};
  for (;;) {
    const { data, has_more: goesOn } = call(name, { limit: String(PAGE), ...cursor }) as Listed;
    for (const { id } of data) {
      ids.add(id);
    }
    if (!goesOn) {
      return ids.size;
    }
    cursor = { starting_after: data.at(-1)?.id ?? "" };
  }
}
