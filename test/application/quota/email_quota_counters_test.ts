import { expect } from "chai";
import { EmailQuotaCounters } from "../../../src/application/quota/email_quota_counters.ts";

describe("EmailQuotaCounters", () => {
  it("P34 adds up e-mails by what became of them", () => {
    const counters = new EmailQuotaCounters();
    counters.add("counted", 5);
    counters.add("counted", 2);
    counters.add("failedOpen", 1);
    const before = counters.read();
    counters.add("refused", 3);
    const expected = { counted: 7, refused: 0, failedOpen: 1, failedClosed: 0, countedLater: 0 };
    expect(before).to.deep.equal(expected);
    expect(counters.read()).to.deep.equal({ ...expected, refused: 3 });
  });
});
