import { expect } from "chai";
import { openMongoStore } from "../../src/adapters/mongodb/open_mongo_store.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/open_sqlite_store.ts";
import { connectStripe } from "../../src/adapters/stripe/connect_stripe.ts";
import type { BillingStore } from "../../src/application/ports/billing_store.ts";
import { billingContainer, composeBilling, ROOMS } from "../../src/composition/container.ts";
import { describeOnMongodb } from "../mongodb_server/describe_on_mongodb.ts";
import { SETTINGS } from "../rig/billing_fixture.ts";

function describeRooms(title: string, open: () => Promise<BillingStore>): void {
  describe(title, () => {
    let dependencies: Parameters<typeof billingContainer>[0];

    beforeEach(async () => {
      dependencies = {
        store: await open(),
        payments: connectStripe({ secretKey: "sk_test_wiring", webhookSecrets: ["whsec_wiring"] }),
        clock: () => new Date(),
        settings: SETTINGS,
      };
    });

    it("P40 resolves every room, once, to use cases with one execute each", async () => {
      const container = billingContainer(dependencies);
      for (const token of Object.values(ROOMS)) {
        const room: object = container.get<object>(token);
        expect(container.get<object>(token)).to.equal(room);
        expect(Object.keys(room)).to.not.have.length(0);
        for (const [name, useCase] of Object.entries(room)) {
          expect(useCase, name).to.have.property("execute").that.is.a("function");
        }
      }
      await container.unbindAllAsync();
    });

    it("P40 gives every use case a name of its own", async () => {
      const container = billingContainer(dependencies);
      const rooms = Object.values(ROOMS).map((token): object => container.get<object>(token));
      const names = rooms.flatMap((room) => Object.keys(room));
      expect(names).to.deep.equal([...new Set(names)]);
      await container.unbindAllAsync();
    });

    it("P40 wires all rooms into one, and ends with the store", async () => {
      const { billing, close } = composeBilling(dependencies);
      expect(await billing.checkReadiness.execute()).to.deep.include({ database: "ok" });
      await close();
      expect(await billing.checkReadiness.execute()).to.deep.include({ database: "failing" });
    });
  });
}

describeRooms("the container over SQLite", async () => openSqliteStore(":memory:"));

await describeOnMongodb("the container", ({ url }) => {
  describeRooms("over MongoDB", () => openMongoStore({ url, autoIndex: false }));
});
