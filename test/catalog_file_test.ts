import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CatalogFileError, readCatalogFile } from "../src/catalog_file.ts";
import { freePlan } from "../src/domain/catalog.ts";

describe("readCatalogFile", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "plans-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function problemOf(text: string): Promise<string> {
    const path = join(folder, "plans.json");
    await writeFile(path, text);
    try {
      await readCatalogFile(path);
    } catch (error) {
      expect(error).to.be.instanceOf(CatalogFileError);
      return (error as Error).message;
    }
    throw new Error("Expected the file to be refused");
  }

  it("reads the catalogue that is shipped", async () => {
    const { plans } = await readCatalogFile("plans.json");
    expect(plans.map(({ slug }) => slug)).to.deep.equal(["free", "starter", "pro", "business"]);
    expect(plans.map(({ monthlyEmailLimit }) => monthlyEmailLimit)).to.deep.equal([
      100, 5_000, 50_000, 250_000,
    ]);
    const prices = plans.flatMap((plan) => plan.prices);
    expect(new Set(prices.map(({ currency }) => currency))).to.deep.equal(new Set(["eur"]));
    expect(prices).to.have.length(6);
    const offered = plans.map((plan) => ({ ...plan, productId: null, prices: [] }));
    const catalog = { revision: 0, plans: offered, packs: [], portalConfigurationId: "" };
    expect(freePlan(catalog).slug).to.equal("free");
  });

  it("says which file is missing", async () => {
    const path = join(folder, "none.json");
    const error = await readCatalogFile(path).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CatalogFileError);
    expect((error as Error).message)
      .to.include(path)
      .and.to.include("PLANS_FILE");
  });

  it("says where the JSON breaks off", async () => {
    expect(await problemOf('{"plans": [')).to.match(/Cannot parse .*JSON/);
  });

  it("names every field that is wrong, at once", async () => {
    const plan = {
      slug: "Pro!",
      name: "",
      rank: 1,
      active: true,
      monthlyEmailLimit: -1,
      tokensIncludedMonth: 1,
      maxDomains: null,
      maxMembers: null,
      maxTemplates: null,
      prices: [{ interval: "week", amount: 1.5, currency: "EUR" }],
      colour: "red",
    };
    const problem = await problemOf(JSON.stringify({ plans: [plan] }));
    for (const field of ["slug", "name", "monthlyEmailLimit", "prices[0].interval", "colour"]) {
      expect(problem).to.include(`plans[0].${field} `);
    }
  });

  it("names what cannot be sold although its shape is right", async () => {
    expect(await problemOf(JSON.stringify({ plans: [freeNamed("a"), freeNamed("a")] })))
      .to.include('Plan "a" is listed more than once')
      .and.to.include("Exactly one active plan must have no prices");
  });
});

function freeNamed(slug: string) {
  return {
    slug,
    name: slug,
    rank: 1,
    active: true,
    monthlyEmailLimit: 1,
    tokensIncludedMonth: 1,
    maxDomains: 1,
    maxMembers: 1,
    maxTemplates: 1,
    prices: [],
  };
}
