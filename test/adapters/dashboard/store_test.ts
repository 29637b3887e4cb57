import { expect } from "chai";
import { type Notice, Store } from "../../../src/adapters/dashboard/client/store.js";
import { SUBSCRIPTION } from "../../samples/page.ts";

describe("what the page remembers", () => {
  const noticeAfter = (notice: Notice, reason: typeof SUBSCRIPTION.reason) => {
    const store = new Store();
    store.dispatch({ type: "noticed", notice });
    store.dispatch({ type: "loaded", part: "subscription", value: { ...SUBSCRIPTION, reason } });
    return store.state.notice;
  };

  it("is a success only as long as it is true", () => {
    for (const type of ["plan_arrived", "resumed"] as const) {
      expect(noticeAfter({ type }, "in_good_standing")).to.deep.equal({ type });
      expect(noticeAfter({ type }, "renewal_in_grace")).to.equal(null);
      expect(noticeAfter({ type }, "not_subscribed")).to.equal(null);
    }
    const waiting = { type: "waiting" } as const;
    expect(noticeAfter(waiting, "not_subscribed")).to.deep.equal(waiting);
  });
});
