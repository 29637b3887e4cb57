import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";
import { startLeaseSweeper } from "../../../src/application/quota/start_lease_sweeper.ts";

describe("startLeaseSweeper", () => {
  it("P31 sweeps again and again, also after the store failed, until it is stopped", async () => {
    let sweeps = 0;
    const thrice = Promise.withResolvers<void>();
    const stop = startLeaseSweeper(
      {
        async sweep() {
          sweeps += 1;
          if (sweeps === 3) {
            thrice.resolve();
          }
          throw new PortError("Cannot end a lease: no connection", { transient: true });
        },
      },
      1,
    );
    await thrice.promise;
    await stop();
    const ended = sweeps;
    await new Promise(setImmediate);
    expect(sweeps).to.equal(ended);
  });
});
