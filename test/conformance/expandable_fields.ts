import { readFileSync } from "node:fs";

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly anyOf?: readonly Property[];
  readonly items?: Property;
  readonly properties?: Readonly<Record<string, Property>>;
}

interface Schema extends Property {
  readonly required?: readonly string[];
  readonly "x-expandableFields"?: readonly string[];
}

/** Stripe's own account of what can be expanded in its objects, read from its OpenAPI file. */
export class ExpansionTruth {
  readonly #schemas: Readonly<Record<string, Schema>>;
  readonly #types: readonly string[];

  /** @param types the types of objects between which paths lead */
  constructor(path: string, types: readonly string[]) {
    this.#schemas = JSON.parse(readFileSync(path, "utf8")).components.schemas;
    this.#types = types;
  }

  /** Whether Stripe has such a type. */
  knows(type: string): boolean {
    return this.#schemas[type] !== undefined;
  }

  /** Whether a field of a type is not always there. */
  isOptional(type: string, path: string): boolean {
    const [name = "", ...rest] = path.split(".");
    const schema = this.#schemas[type];
    const property = schema?.properties?.[name];
    if (rest.length > 0) {
      return refsOf(property ?? {}).some((ref) => this.isOptional(ref, rest.join(".")));
    }
    return property !== undefined && schema?.required?.includes(name) !== true;
  }

  /** Every path at which a type can be expanded, and the types that it leads to. */
  fieldsOf(type: string, seen: readonly string[] = []): Map<string, string> {
    const schema = this.#schemas[type];
    const found = new Map<string, string>();
    for (const name of schema?.["x-expandableFields"] ?? []) {
      const property = schema?.properties?.[name] ?? {};
      const element = property.type === "array" ? (property.items ?? {}) : property;
      const refs = refsOf(element);
      const list = element.properties?.data;
      if (list !== undefined) {
        found.set(name, `list:${this.#own(refsOf(list.items ?? {}))}`);
      } else if (refs.length > 0 && element.anyOf?.some((one) => one.type === "string")) {
        found.set(name, this.#own(refs));
      } else {
        for (const [path, target] of this.#within(refs, seen)) {
          found.set(path === "" ? name : `${name}.${path}`, target);
        }
      }
    }
    return found;
  }

  #within(refs: readonly string[], seen: readonly string[]): [string, string][] {
    return refs.flatMap((ref): [string, string][] => {
      if (this.#types.includes(ref)) {
        return [["", `=${ref}`]];
      }
      return seen.includes(ref) || this.#isObject(ref)
        ? []
        : [...this.fieldsOf(ref, [...seen, ref])];
    });
  }

  /** Whether a schema is an object of its own, and no part of others. */
  #isObject(name: string): boolean {
    const { id, object } = this.#schemas[name]?.properties ?? {};
    return id !== undefined && object !== undefined;
  }

  #own(refs: readonly string[]): string {
    return refs.filter((ref) => this.#types.includes(ref)).join("|") || "-";
  }
}

function refsOf(property: Property): string[] {
  return [property, ...(property.anyOf ?? [])].flatMap(({ $ref }) =>
    $ref === undefined ? [] : [$ref.split("/").at(-1) ?? ""],
  );
}
