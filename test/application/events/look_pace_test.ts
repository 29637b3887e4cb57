import { expect } from "chai";
import { LookPace } from "../../../src/application/events/look_pace.ts";

describe("LookPace", () => {
  it("P09 lets a second's worth of looks begin at once, and the next ones wait", async () => {
    const pace = new LookPace({ eventRequestsPerSecond: 20 });
    const order: number[] = [];
    for (let look = 1; look <= 10; look += 1) {
      expect(pace.isFree, `look ${look}`).to.equal(true);
      await pace.take();
    }
    expect(pace.isFree).to.equal(false);
    const before = performance.now();
    await Promise.all([1, 2, 3].map((look) => pace.take().then(() => order.push(look))));
    expect(order).to.deep.equal([1, 2, 3]);
    expect(performance.now() - before).to.be.at.least(200);
  });
});
