import { expect } from "chai";
import {
  exportedTypes,
  implementedInterfaces,
  namedGlobals,
  readsEnvironment,
  sourceImports,
} from "./source_imports.ts";

const statically = (specifier: string) => ({ specifier, dynamic: false });
const dynamically = (specifier: string | null) => ({ specifier, dynamic: true });

describe("sourceImports", () => {
  const found: Record<string, [string, ReturnType<typeof sourceImports>]> = {
    "a default import": ['import a from "a";', [statically("a")]],
    "a namespace": ["import * as a from 'a';", [statically("a")]],
    "names, one of them from": ['import { from, b as c } from "a";', [statically("a")]],
    "a type-only import": ['import type { A } from "a";', [statically("a")]],
    "an inline type": ['import { type A } from "a";', [statically("a")]],
    "a side effect": ['import "a";', [statically("a")]],
    "an import over many lines": [
      'import {\n  a, // of "b"\n  b,\n}\n  from\n  "a";',
      [statically("a")],
    ],
    "an import without spaces": ['import{a}from"a";import b from"b"', ["a", "b"].map(statically)],
    "an import with attributes": [
      'import a from "a.json" with { type: "json" };',
      [statically("a.json")],
    ],
    "a re-export": ['export { a } from "a";', [statically("a")]],
    "a re-export of everything": [
      'export * from "a"; export * as b from "b";',
      ["a", "b"].map(statically),
    ],
    "a re-export of types": [
      'export type { A } from "a"; export type * from "b";',
      ["a", "b"].map(statically),
    ],
    "a dynamic import": ['const a = await import("a");', [dynamically("a")]],
    "a dynamic import in a template": [
      `const t = \`\${await import('a')} x\`;`,
      [dynamically("a")],
    ],
    "a type of another module": ['let a: import("a").A;', [dynamically("a")]],
    "a computed import": [
      'await import("a" + b); await import(name);',
      [dynamically(null), dynamically(null)],
    ],
    "a template as specifier": [
      `await import(\`a\`); await import(\`a\${b}\`);`,
      [dynamically("a"), dynamically(null)],
    ],
    "a call of require": ['const a = require("a");', [dynamically("a")]],
    "an escaped specifier": ['import "\\u0061";', [statically("a")]],
  };
  for (const [what, [text, imports]] of Object.entries(found)) {
    it(`finds ${what}`, () => {
      expect(sourceImports(text)).to.deep.equal(imports);
    });
  }

  const nothing: Record<string, string> = {
    "a comment": '// import "a";\n/* import "a"; */\n/** `import("a")` */',
    "a string": `const a = 'import "a";' + "export * from 'a'";`,
    "a template": `const a = \`import "a" \${b /* import "c" */} from "d"\`;`,
    "a regular expression": 'const a = /import "a"/; const b = c.replace(/[/"]import/g, "x");',
    "a division": "const a = (b) / c; const d = e / f;",
    "import.meta": "const a = import.meta.url;",
    "properties of those names": 'a.import("a"); b.require("b"); const c = { import: "c" };',
    "exports of its own": 'export { a, b }; export const from = "a"; export class A {}',
  };
  for (const [what, text] of Object.entries(nothing)) {
    it(`finds nothing in ${what}`, () => {
      expect(sourceImports(text)).to.deep.equal([]);
    });
  }

  it("goes on after nested templates, braces and regular expressions", () => {
    const nested = `const a = \`\${{ b: \`\${c}\` }.b}}\` + \`}\`;`;
    const text = `${nested} if (/}\`/.test(a)) {}\nimport "a";`;
    expect(sourceImports(text)).to.deep.equal([statically("a")]);
  });
});

describe("readsEnvironment", () => {
  const reading = [
    "process.env.A",
    "process.env",
    "process?.env",
    'process["env"]',
    "process[`env`].A",
    "process[name]",
    "globalThis.process.env",
    "Deno.env.get('A')",
    "const { env } = process;",
    "const p = process;",
    "read(process)",
    "read(a, Deno)",
  ];
  for (const text of reading) {
    it(`is true for ${text}`, () => {
      expect(readsEnvironment(text)).to.equal(true);
    });
  }

  const innocent = [
    "process.exit(1)",
    'process["exit"](1)',
    "// process.env",
    '"process.env"',
    "a.environment",
    "const env = 1;",
    'state = "process";',
    "Deno.serve()",
  ];
  for (const text of innocent) {
    it(`is false for ${text}`, () => {
      expect(readsEnvironment(text)).to.equal(false);
    });
  }
});

describe("namedGlobals", () => {
  it("finds globals, and no members or keys of that name", () => {
    const text = "a.process(); const b = { Buffer: 1 }; Deno.exit();";
    expect(namedGlobals(text, ["process", "Buffer", "Deno"])).to.deep.equal(["Deno"]);
  });
});

describe("implementedInterfaces", () => {
  it("finds all that a class implements", () => {
    const text = "class A extends B implements C, D {} class E {}";
    expect(implementedInterfaces(text)).to.deep.equal(["C", "D"]);
  });
});

describe("exportedTypes", () => {
  it("finds exported interfaces and classes, each by its keyword", () => {
    const text = "export interface A {} interface B {} export class C {} // export class D";
    expect(exportedTypes(text, "interface")).to.deep.equal(["A"]);
    expect(exportedTypes(text, "class")).to.deep.equal(["C"]);
  });
});
