import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import {
  CatalogFileError,
  readCatalogFile,
} from "../../../src/adapters/catalog_file/catalog_file.ts";
import { freePlan } from "../../../src/domain/catalog/catalog.ts";
import { countableLimits } from "../../../src/domain/catalog/plan_limits.ts";
import { SettingsError } from "../../../src/kit/settings_error.ts";
import { useTemporaryFolder } from "../../rig/temporary_folder.ts";

describe("readCatalogFile", () => {
  const inFolder = useTemporaryFolder();

  async function problemOf(text: string): Promise<string> {
    const path = inFolder("plans.json");
    await writeFile(path, text);
    try {
      await readCatalogFile(path);
    } catch (error) {
      expect(error).to.be.instanceOf(CatalogFileError);
      return (error as Error).message.replaceAll(/, column \d+:/g, ":");
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
    const catalog = {
      revision: 0,
      plans: offered,
      packs: [],
      portalConfigurationId: "",
      planChangeConfigurationId: "",
    };
    expect(freePlan(catalog).slug).to.equal("free");
  });

  it("says which file is missing", async () => {
    const path = inFolder("none.json");
    const error = await readCatalogFile(path).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(SettingsError);
    expect((error as Error).message)
      .to.include(path)
      .and.to.include("PLANS_FILE");
  });

  it("says in which lines the JSON is broken, all of them at once", async () => {
    const text =
      '{\n  "plans": [\n    { "slug": pro },\n    { "name": "Free", // free\n "rank": 1 }\n  ],\n}\n';
    expect(await problemOf(text)).to.equal(
      [
        `Cannot parse ${inFolder("plans.json")}:`,
        "  line 3: expected a text in double quotes, a number, true, false or null",
        "  line 4: JSON has no comments",
        "  line 7: expected a name in double quotes",
      ].join("\n"),
    );
    expect(await problemOf('{"plans": [')).to.include("line 1: expected");
    expect(await problemOf("")).to.include("line 1: expected a value");
  });

  it("names every field that is wrong at once, each with its line", async () => {
    const plan = {
      slug: "Pro!",
      name: "",
      rank: 1,
      active: true,
      monthlyEmailLimit: -1,
      tokensIncludedMonth: 1,
      maxDomains: null,
      maxMembers: null,
      prices: [{ interval: "week", amount: 1.5, currency: "EUR" }],
      "dotted.colour[1]": "red",
    };
    const problem = await problemOf(JSON.stringify({ plans: [plan] }, null, 2));
    for (const line of [
      "line 4: plans[0].slug must match the pattern",
      "line 5: plans[0].name must not be empty",
      "line 8: plans[0].monthlyEmailLimit must be 0 or more",
      "line 3: plans[0].maxTemplates is missing: add it",
      'line 14: plans[0].prices[0].interval must be one of "month", "year"',
      "line 15: plans[0].prices[0].amount must be a whole number",
      "line 19: plans[0].dotted.colour[1] is not a known field: remove it",
    ]) {
      expect(problem).to.include(line);
    }
    const lines = [...problem.matchAll(/line (\d+)/g)].map(([, line]) => Number(line));
    expect(lines).to.deep.equal(lines.toSorted((a, b) => a - b));
  });

  it("P42 names the line and the column of an amount that nobody could pay", async () => {
    const price = { interval: "month", amount: 5, currency: "eur" };
    const plans = [freeNamed("free"), { ...freeNamed("pro"), rank: 2, prices: [price] }];
    const text = JSON.stringify({ plans }, null, 2);
    await writeFile(inFolder("plans.json"), text);
    const error = await readCatalogFile(inFolder("plans.json")).catch((thrown: unknown) => thrown);
    const before = text.slice(0, text.indexOf('"amount": 5')).split("\n");
    const column = (before.at(-1) ?? "").length + '"amount": '.length + 1;
    expect(Object(error).problems).to.deep.equal([
      {
        line: before.length,
        column,
        path: "plans[1].prices[0].amount",
        message: "Stripe charges at least 50 minor units of EUR, not 5",
      },
    ]);
    expect(Object(error).message).to.include(`line ${before.length}, column ${column}: `);
  });

  it("refuses a field that is given twice, of which only one would count", async () => {
    const text = JSON.stringify({ plans: [freeNamed("free")] }, null, 2);
    const twice = text.replace('"rank": 1,', '"rank": 1,\n      "rank": 2,');
    expect(await problemOf(twice)).to.include("line 7: plans[0].rank is given twice");
  });

  it("names what cannot be sold although its shape is right", async () => {
    const text = JSON.stringify({ plans: [freeNamed("a"), freeNamed("a")] }, null, 2);
    const line = text.slice(0, text.lastIndexOf('"slug"')).split("\n").length;
    expect(await problemOf(text))
      .to.include(`line ${line}: plans[1].slug: Plan "a" is listed more than once`)
      .and.to.include("line 2: plans: Exactly one active plan must have no prices");
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
    prices: [],
    ...countableLimits(() => 1),
  };
}
