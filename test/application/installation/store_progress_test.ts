import { expect } from "chai";
import { StoreProgress } from "../../../src/application/installation/store_progress.ts";

describe("StoreProgress", () => {
  it("tells the first record of a kind and every five hundredth after it", () => {
    const told: [string, number][] = [];
    const progress = new StoreProgress((kind, count) => told.push([kind, count]));
    for (let count = 0; count < 1_200; count += 1) {
      progress.count("events");
    }
    progress.count("accounts");
    expect(told).to.deep.equal([
      ["events", 1],
      ["events", 501],
      ["events", 1_001],
      ["accounts", 1],
    ]);
  });

  it("counts every kind, and its answers do not change afterwards", () => {
    const progress = new StoreProgress(() => undefined);
    const before = progress.counts;
    progress.count("catalog");
    expect(before.catalog).to.equal(0);
    expect(progress.counts).to.deep.equal({
      catalog: 1,
      accounts: 0,
      ledgerEntries: 0,
      auditEntries: 0,
      attention: 0,
      reservations: 0,
      topUps: 0,
      emailUsage: 0,
      events: 0,
      notificationRecords: 0,
      deliveries: 0,
    });
  });
});
