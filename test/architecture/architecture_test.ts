import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { architectureViolations, RULES, type Rule } from "./architecture_rules.ts";
import { readSourceTree } from "./read_source_tree.ts";

/** A small project that keeps every rule. */
const GOOD: Readonly<Record<string, string>> = {
  "src/main.ts": 'process.env.PORT; const { start } = await import("../sandbox/mod.ts");',
  "src/mod.ts":
    'export { start } from "./composition/container.ts"; export type { Plan } from "./a.ts";',
  "src/composition/container.ts":
    'import { Container } from "inversify"; import "reflect-metadata";',
  "src/composition/service.ts": 'import "../adapters/http/app.ts"; import "./container.ts";',
  "src/kit/logger.ts": 'import pino from "pino"; import "./secret.ts";',
  "src/kit/secret.ts": 'import { inspect } from "node:util";',
  "src/kit/json_schema.ts": 'import { Ajv } from "ajv/dist/2020.js"; import "ajv-formats";',
  "src/domain/catalog/plan.ts": 'import type { Money } from "./money.ts";',
  "src/domain/catalog/money.ts": "export interface Money {}",
  "src/domain/checkout/cart.ts": 'import type { Plan } from "../catalog/plan.ts";',
  "src/application/checkout/sell.ts":
    'import "../../domain/catalog/plan.ts"; import "../catalog/require_plan.ts"; export class Sell {}',
  "src/application/catalog/require_plan.ts": "export function requirePlan() {}",
  "src/application/catalog/logged_plan_store.ts":
    "export class LoggedPlanStore implements PlanStore {}",
  "src/application/ports/catalog/plan_store.ts": "export interface PlanStore {}",
  "src/application/ports/mailer.ts":
    'import "../../domain/catalog/plan.ts"; export interface Mailer {}',
  "src/adapters/sqlite/sqlite_plan_store.ts":
    'import "node:sqlite"; export class SqlitePlanStore implements PlanStore {}',
  "src/adapters/sqlite/open_store.ts": 'import "./sqlite_plan_store.ts";',
  "src/adapters/mongodb/mongo_plan_store.ts":
    'import "mongoose"; export class MongoPlanStore implements PlanStore {}',
  "src/adapters/stripe/stripe_mailer.ts":
    'import "stripe"; import "node:crypto"; export class StripeMailer implements Mailer {}',
  "src/adapters/http/app.ts": 'import express from "express"; import "../../kit/logger.ts";',
  "src/adapters/http/router.ts": 'import "./app.ts"; import "./catalog/plans.ts";',
  "src/adapters/http/catalog/plans.ts": 'import "../app.ts";',
  "src/adapters/http/checkout/cart.ts": 'import "../catalog/plans.ts";',
  "src/adapters/cli/program.ts": 'import { Command } from "commander";',
  "src/adapters/cli/spread.ts":
    "f(...[a, b].map(g), ...(a ? [b] : []), { ...(a && { b }), ...c }); function f(...[a, b]: C) {}",
  "sandbox/mod.ts": 'import "stripe"; import "./state.ts";',
  "sandbox/state.ts": "",
  "test/application/checkout/sell_test.ts": 'import "../../../src/application/checkout/sell.ts";',
  "test/application/catalog/logged_plan_store_test.ts":
    'import "../../contracts/plan_store_contract.ts"; import "../../../src/application/catalog/logged_plan_store.ts";',
  "test/contracts/plan_store_contract.ts": "export function planStoreContract() {}",
  "test/adapters/sqlite/contracts_test.ts":
    'import "../../contracts/plan_store_contract.ts"; import "../../../src/adapters/sqlite/open_store.ts";',
  "test/adapters/mongodb/contracts_test.ts":
    'import "../../contracts/plan_store_contract.ts"; import "./opened.ts";',
  "test/adapters/mongodb/opened.ts": 'import "../../../src/adapters/mongodb/mongo_plan_store.ts";',
  "test/adapters/stripe/stripe_mailer_test.ts": "",
};

/** What is planted, `null` for a file that is removed, and where which rule must be reported. */
interface Planted {
  readonly files: Readonly<Record<string, string | null>>;
  readonly reported: readonly [file: string, rule: Rule][];
}

function inOneFile(file: string, text: string, ...rules: Rule[]): Planted {
  return { files: { [file]: text }, reported: rules.map((rule) => [file, rule]) };
}

const PLANTED: Readonly<Record<string, Planted>> = {
  "the application in the domain": inOneFile(
    "src/domain/catalog/plan.ts",
    'import { Sell } from "../../application/catalog/sold.ts";',
    "domain",
  ),
  "a type-only import of a port in the domain": inOneFile(
    "src/domain/catalog/plan.ts",
    'import type {\n  PlanStore,\n} from "../../application/ports/catalog/plan_store.ts";',
    "domain",
  ),
  "a vendor in the domain": inOneFile(
    "src/domain/catalog/plan.ts",
    'export { Stripe } from "stripe";',
    "domain",
    "vendor",
  ),
  "a built-in module in the domain": inOneFile(
    "src/domain/catalog/plan.ts",
    'import { createHash } from "node:crypto";',
    "domain",
  ),
  "an adapter in the application": inOneFile(
    "src/application/checkout/sell.ts",
    'export class Sell {} await import("../../adapters/http/app.ts");',
    "application",
  ),
  "kit in the application": inOneFile(
    "src/application/catalog/require_plan.ts",
    'import "../../kit/logger.ts";',
    "application",
  ),
  "a built-in module in a port": inOneFile(
    "src/application/ports/mailer.ts",
    'import type { Readable } from "node:stream"; export interface Mailer {}',
    "ports",
  ),
  "Node's Buffer in the domain": inOneFile(
    "src/domain/catalog/plan.ts",
    'Buffer.from("a");',
    "runtime",
  ),
  "another adapter in an adapter": inOneFile(
    "src/adapters/http/app.ts",
    'export * from "../cli/program.ts";',
    "adapter",
  ),
  "the container in an adapter": inOneFile(
    "src/adapters/http/app.ts",
    'import { Container } from "../../composition/container.ts";',
    "adapter",
  ),
  "stripe outside its folder": inOneFile(
    "src/adapters/http/app.ts",
    'import type Stripe from "stripe";',
    "vendor",
  ),
  "a part of a vendor outside its place": inOneFile(
    "src/composition/container.ts",
    'import ajv from "ajv/dist/2020.js";',
    "vendor",
  ),
  "node:sqlite outside its folder": inOneFile(
    "src/adapters/mongodb/cache.ts",
    'const { DatabaseSync } = await import("node:sqlite");',
    "vendor",
  ),
  "inversify outside the container": inOneFile(
    "src/main.ts",
    'import { Container } from "inversify";',
    "vendor",
  ),
  "a folder whose name begins like a vendor's": inOneFile(
    "src/adapters/stripe_reports/report.ts",
    'import "stripe";',
    "vendor",
  ),
  "a vendor that has no place": inOneFile(
    "src/kit/logger.ts",
    'import "@scope/left-pad";',
    "vendor",
  ),
  "a built-in module without its prefix": inOneFile("src/kit/logger.ts", 'import "fs";', "vendor"),
  "the environment in an adapter": inOneFile(
    "src/adapters/http/app.ts",
    'const { PORT } = process["env"];',
    "environment",
  ),
  "Deno's environment in the settings": inOneFile(
    "src/composition/config.ts",
    'Deno.env.get("PORT");',
    "environment",
  ),
  "the environment as a module": inOneFile(
    "src/composition/config.ts",
    'import { env } from "node:process";',
    "environment",
  ),
  "the environment in the domain": inOneFile(
    "src/domain/catalog/plan.ts",
    "export const limit = process.env.LIMIT;",
    "environment",
    "runtime",
  ),
  "the sandbox in an adapter": inOneFile(
    "src/adapters/http/app.ts",
    'await import("../../../sandbox/mod.ts");',
    "sandbox",
  ),
  "a static import of the sandbox in main.ts": inOneFile(
    "src/main.ts",
    'import { start } from "../sandbox/mod.ts";',
    "sandbox",
  ),
  "a second import of the sandbox in main.ts": inOneFile(
    "src/main.ts",
    'await import("../sandbox/mod.ts"); await import("../sandbox/state.ts");',
    "sandbox",
  ),
  "a source in the sandbox": inOneFile(
    "sandbox/mod.ts",
    'import "stripe"; import type { Plan } from "../src/domain/catalog/plan.ts";',
    "package",
  ),
  "a source in a deeper folder of the sandbox": inOneFile(
    "sandbox/api/deep/prices.ts",
    'export * from "../../../src/domain/catalog/money.ts";',
    "package",
  ),
  "a dependency that is not the sandbox's own": inOneFile(
    "sandbox/mod.ts",
    'await import("mongoose");',
    "package",
  ),
  "a test's module in a source": inOneFile(
    "src/composition/config.ts",
    'import "../../test/sample.ts";',
    "sandbox",
  ),
  "a computed import": inOneFile("src/composition/config.ts", "await import(name);", "computed"),
  "two adapters of a port without a contract suite": {
    files: { "test/contracts/plan_store_contract.ts": null },
    reported: [
      ["src/application/catalog/logged_plan_store.ts", "port"],
      ["src/adapters/sqlite/sqlite_plan_store.ts", "port"],
      ["src/adapters/mongodb/mongo_plan_store.ts", "port"],
    ],
  },
  "an adapter that does not run its port's contract suite": {
    files: { "test/adapters/mongodb/contracts_test.ts": "" },
    reported: [["src/adapters/mongodb/mongo_plan_store.ts", "port"]],
  },
  "the only adapter of a port without a test": {
    files: { "test/adapters/stripe/stripe_mailer_test.ts": null },
    reported: [["src/adapters/stripe/stripe_mailer.ts", "port"]],
  },
  "a use case without a test": {
    files: { "test/application/checkout/sell_test.ts": null },
    reported: [["src/application/checkout/sell.ts", "useCase"]],
  },
  "a test's module in the sandbox": inOneFile(
    "sandbox/api/route.ts",
    'await import("../../test/rig.ts");',
    "package",
  ),
  "a use case in a port": inOneFile(
    "src/application/ports/mailer.ts",
    'import { Sell } from "../checkout/sell.ts"; export interface Mailer {}',
    "ports",
  ),
  ...Object.fromEntries(
    ["wire_tokens", "billing_ports", "operator", "doctor", "plan_operations", "config"].map(
      (name) => [
        `composition's ${name} in an adapter`,
        inOneFile(
          "src/adapters/http/catalog/plans.ts",
          `import "../../../composition/${name}.ts";`,
          "adapter",
        ),
      ],
    ),
  ),
  "composition in a use case": inOneFile(
    "src/application/catalog/require_plan.ts",
    'import "../../composition/container.ts";',
    "application",
  ),
  "the domain in kit": inOneFile("src/kit/secret.ts", 'import "../domain/catalog/plan.ts";', "kit"),
  "composition in kit": inOneFile(
    "src/kit/secret.ts",
    'import "../composition/container.ts";',
    "kit",
  ),
  "the library's entry in composition": inOneFile(
    "src/composition/service.ts",
    'import { start } from "../mod.ts";',
    "entry",
  ),
  "code in the library's entry": inOneFile(
    "src/mod.ts",
    'export * from "./a.ts"; export const one = 1;',
    "entry",
  ),
  "a further file beside main.ts": inOneFile("src/wire_tokens.ts", "", "entry"),
  "a circle of two files": {
    files: { "src/kit/secret.ts": 'import type { Logger } from "./logger.ts";' },
    reported: [["src/kit/logger.ts", "circle"]],
  },
  "a circle of three files": {
    files: {
      "src/adapters/cli/a.ts": 'import "./b.ts";',
      "src/adapters/cli/b.ts": 'import "./c.ts";',
      "src/adapters/cli/c.ts": 'export * from "./a.ts";',
    },
    reported: [["src/adapters/cli/a.ts", "circle"]],
  },
  "a circle of rooms of the domain": {
    files: { "src/domain/catalog/offer.ts": 'import "../checkout/cart.ts";' },
    reported: [["src/domain/catalog/", "circle"]],
  },
  "a circle of rooms of the application": {
    files: { "src/application/catalog/offer.ts": 'import "../checkout/sell.ts";' },
    reported: [["src/application/catalog/", "circle"]],
  },
  "a circle of rooms of an adapter": {
    files: { "src/adapters/http/catalog/offer.ts": 'import "../checkout/cart.ts";' },
    reported: [["src/adapters/http/catalog/", "circle"]],
  },
  "a use case without a test, two folders deep": inOneFile(
    "src/application/catalog/deep/offer.ts",
    "export class Offer {}",
    "useCase",
  ),
  "a decorator that does not run its port's contract suite": {
    files: { "test/application/catalog/logged_plan_store_test.ts": "" },
    reported: [["src/application/catalog/logged_plan_store.ts", "port"]],
  },
  "a class that its folder's contract suite never loads": inOneFile(
    "src/adapters/sqlite/cached_plan_store.ts",
    "export class CachedPlanStore implements PlanStore {}",
    "port",
  ),
  "a use case that is made twice": {
    files: {
      "src/application/checkout/sell.ts": "export class Sell { execute() {} }",
      "src/application/checkout/use_cases.ts": 'import { Sell } from "./sell.ts"; new Sell();',
      "src/application/refunds/use_cases.ts":
        'import { Sell } from "../checkout/sell.ts"; new Sell();',
    },
    reported: [["src/application/refunds/use_cases.ts", "once"]],
  },
  "a folder of more than 25 files": {
    files: Object.fromEntries(
      Array.from({ length: 26 }, (_, index) => [`src/adapters/cli/piece_${index}.ts`, ""]),
    ),
    reported: [["src/adapters/cli", "folder"]],
  },
  "an object literal that is spread where it stands": inOneFile(
    "test/sample.ts",
    "const a = { ...{ b, c: { d } }, e };",
    "spread",
  ),
  "an object literal of a spread that is spread in a call": inOneFile(
    "sandbox/state.ts",
    "f({ a: 1, ...{ ...b } });",
    "spread",
  ),
  "an array literal that is spread where it stands": inOneFile(
    "src/adapters/cli/program.ts",
    'const a = [\n  ...["b", "]"],\n  ...[c, [d]],\n];',
    "spread",
    "spread",
  ),
  "an index": inOneFile("src/adapters/http/index.ts", "", "name"),
  "a name in camelCase": inOneFile("test/adapters/http/appTest.ts", "", "name"),
  "a name in kebab-case": inOneFile("sandbox/state-file.ts", "", "name"),
};

function planted(files: Planted["files"]): Map<string, string> {
  const tree = new Map(Object.entries(GOOD));
  for (const [file, text] of Object.entries(files)) {
    text === null ? tree.delete(file) : tree.set(file, text);
  }
  return tree;
}

function byText(a: readonly string[], b: readonly string[]): number {
  return a.join() < b.join() ? -1 : 1;
}

describe("architecture", () => {
  const project = readSourceTree(fileURLToPath(new URL("../..", import.meta.url)));

  it("is kept by every source", () => {
    const violations = architectureViolations(project).map(
      ({ file, rule, found }) => `${file}: ${found}, but ${RULES[rule]}`,
    );
    expect(violations).to.deep.equal([]);
  });

  it("is not kept any more when a violation is planted in the project itself", () => {
    const disturbed = new Map([...project, ["src/domain/events/planted.ts", 'import "stripe";']]);
    expect(architectureViolations(disturbed).map(({ rule }) => rule)).to.deep.equal([
      "domain",
      "vendor",
    ]);
  });

  it("is found in a project that keeps every rule", () => {
    expect(architectureViolations(planted({}))).to.deep.equal([]);
  });

  for (const [what, { files, reported }] of Object.entries(PLANTED)) {
    it(`reports ${what}`, () => {
      const found = architectureViolations(planted(files));
      expect(found.map(({ file, rule }) => [file, rule]).sort(byText)).to.deep.equal(
        [...reported].sort(byText),
      );
    });
  }

  it("has a planted violation for every rule", () => {
    const bitten = Object.values(PLANTED).flatMap(({ reported }) =>
      reported.map(([, rule]) => rule),
    );
    expect([...new Set(bitten)]).to.have.members(Object.keys(RULES));
  });
});
