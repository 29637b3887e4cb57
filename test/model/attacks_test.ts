import { expect } from "chai";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { ATTACKS, isClose } from "./spending/attacks.ts";
import { type Template, World } from "./world.ts";

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

  it("each has a name of its own", () => {
    expect(new Set(ATTACKS.map(({ name }) => name)).size).to.equal(ATTACKS.length);
  });
});
