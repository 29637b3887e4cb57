import { expect } from "chai";
import { connected } from "../connected.ts";
import { at, fixture, page } from "../fixture.ts";
import { useRecordedApi } from "../recorded_api.ts";
import { rejectionOf } from "../rejection_of.ts";

const SUBSCRIPTIONS = "/v1/subscriptions";

describe("StripeCustomerSnapshots: lists that go on", () => {
  const api = useRecordedApi();

  function answerTheRest() {
    api.answer("GET", "/v1/invoices", { body: page([]) });
    api.answer("GET", "/v1/invoiceitems", { body: page([]) });
  }

  it("P09 reads every page of subscriptions in every status", async () => {
    const first = fixture("subscription_endive", { status: "canceled" });
    api.answer("GET", SUBSCRIPTIONS, { body: page([first], true) });
    api.answer("GET", SUBSCRIPTIONS, { body: page([fixture("subscription_acacia")]) });
    answerTheRest();
    const { subscriptions } = await connected().snapshots.read("cus_QvAcme");
    expect(subscriptions.map(({ id }) => id)).to.deep.equal(["sub_1QvEndive", "sub_1QvAcacia"]);
    const asked = api.requests.filter(({ path }) => path === SUBSCRIPTIONS);
    expect(asked.map(({ query }) => query.starting_after)).to.deep.equal([
      undefined,
      "sub_1QvEndive",
    ]);
    expect(asked[0]?.query).to.include({ customer: "cus_QvAcme", status: "all", limit: "100" });
  });

  it("P14 refuses a subscription of another customer", async () => {
    const foreign = fixture("subscription_endive", { customer: "cus_QvOther" });
    api.answer("GET", SUBSCRIPTIONS, { body: page([foreign]) });
    const error = await rejectionOf(connected().snapshots.read("cus_QvAcme"));
    expect(error.message).to.equal(
      'Cannot read subscription "sub_1QvEndive": it is not of customer "cus_QvAcme"',
    );
  });

  it("P11 reads all items of a subscription whose list is cut off", async () => {
    const subscription = fixture("subscription_endive");
    const item = at(subscription, "items", "data", 0);
    at(subscription, "items").has_more = true;
    api.answer("GET", SUBSCRIPTIONS, { body: page([subscription]) });
    api.answer("GET", "/v1/subscription_items", { body: page([item, { ...item, id: "si_2" }]) });
    answerTheRest();
    const { subscriptions } = await connected().snapshots.read("cus_QvAcme");
    expect(subscriptions[0]?.items.map(({ id }) => id)).to.deep.equal(["si_QvEndive", "si_2"]);
    expect(api.requests[1]?.query).to.deep.equal({ subscription: "sub_1QvEndive", limit: "100" });
  });
});
