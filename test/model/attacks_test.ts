import { expect } from "chai";
import { readCatalogFile } from "../../src/adapters/catalog_file/catalog_file.ts";
import { KNOWN_FAILURES } from "./known_failures.ts";
import { ATTACKS, isClose } from "./spending/attacks.ts";
import { type Template, World } from "./world.ts";

describe("Attacks and the honest histories beside them (P24, P26, P36)", function () {
  this.timeout(60_000);
  let template: Template;

  before(async () => {
    template = await World.prepare(await readCatalogFile("plans.json"));
  });

  for (const { name, figures, play } of ATTACKS) {
    const reason = KNOWN_FAILURES[name];
    it(reason === undefined ? name : `${name}: fails as known, ${reason}`, async () => {
      const found = await play(template);
      const text = `${JSON.stringify(found)} for ${JSON.stringify(figures)}`;
      expect(isClose(found, figures), text).to.equal(reason === undefined);
    });
  }

  it("each known failure is one of them", () => {
    const names = ATTACKS.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.include.members(Object.keys(KNOWN_FAILURES));
  });
});
