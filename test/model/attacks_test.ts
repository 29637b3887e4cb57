import { expect } from "chai";
import { buildTaxRate } from "../../sandbox/engine/invoicing/tax_rates.ts";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { ATTACKS, isClose } from "./spending/attacks.ts";
import { type Template, World } from "./world.ts";

const VAT = { display_name: "VAT", percentage: 19, inclusive: false };

/** Histories that expect sums of their own on the way. */
const EXPECT_SUMS = new Set([
  "a double payment from the balance is given back",
  "a paid subscription beside a trial",
]);

/** Tax comes on top of the prices of every subscription, whoever makes it. */
function taxAll({ provider }: World): void {
  const { subscriptions, taxRates } = provider.state;
  const rate = buildTaxRate(0, VAT);
  taxRates.set(rate.id, rate);
  const set = subscriptions.set.bind(subscriptions);
  subscriptions.set = (id, subscription) => {
    subscription.default_tax_rates = [rate];
    return set(id, subscription);
  };
}

describe("Attacks and the honest histories beside them (P24, P26, P36)", function () {
  this.timeout(180_000);
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  for (const { name, figures, play } of ATTACKS) {
    it(name, async () => {
      const found = await play(template);
      const text = `${JSON.stringify(found)} for ${JSON.stringify(figures)}`;
      expect(isClose(found, figures), text).to.equal(true);
    });
  }

  describe("with tax on top of every price", () => {
    let taxed = 0;

    for (const { name, figures, play } of ATTACKS.filter((one) => !EXPECT_SUMS.has(one.name))) {
      it(`P43 ${name}: gives what it gives without`, async () => {
        const found = await play({ ...template, onBegin: taxAll });
        const text = `${JSON.stringify(found)} for ${JSON.stringify(figures)}`;
        expect(isClose({ ...found, paid: figures.paid }, figures), text).to.equal(true);
        expect(found.paid, text).to.be.at.least(figures.paid);
        taxed += found.paid > figures.paid ? 1 : 0;
      });
    }

    it("was paid in most", () => {
      expect(taxed).to.be.greaterThan(ATTACKS.length / 2);
    });
  });

  it("each has a name of its own", () => {
    expect(new Set(ATTACKS.map(({ name }) => name)).size).to.equal(ATTACKS.length);
  });
});
