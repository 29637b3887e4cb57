import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";

interface Specification {
  readonly info: { readonly version: string };
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** One way in which an object is not as Stripe's description says. */
export interface Difference {
  /** Type of the object and place in it, list positions left out: `invoice lines.data.parent`. */
  readonly place: string;
  readonly message: string;
}

/** Stripe's description of its objects, as a check. */
export class StripeSchemas {
  readonly version: string;
  readonly #ajv: Ajv2020;
  readonly #names: ReadonlySet<string>;
  readonly #checks = new Map<string, ValidateFunction>();

  /** @param path the OpenAPI file */
  constructor(path: string) {
    const { info, components }: Specification = JSON.parse(readFileSync(path, "utf8"));
    this.version = info.version;
    this.#names = new Set(Object.keys(components.schemas));
    this.#ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      validateFormats: false,
      logger: false,
    });
    this.#ajv.addSchema({ $id: "https://stripe/api", components: converted(components) as object });
  }

  /** How an object differs from the schema of its type; the type is in its `object` field. */
  differences(object: Readonly<Record<string, unknown>>): readonly Difference[] {
    const type = String(object.object);
    const name = object.deleted === true ? `deleted_${type}` : type;
    if (!this.#names.has(name)) {
      return [{ place: type, message: "is a type that Stripe does not have" }];
    }
    const check = this.#check(name);
    return check(object)
      ? []
      : leaves(check.errors ?? []).map((error) => differenceOf(type, error));
  }

  #check(name: string): ValidateFunction {
    const known = this.#checks.get(name);
    const check =
      known ?? this.#ajv.compile({ $ref: `https://stripe/api#/components/schemas/${name}` });
    this.#checks.set(name, check);
    return check;
  }
}

/** Where an object may have one of several shapes, only the shapes' own problems tell something. */
function leaves(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const own = errors.filter(({ keyword }) => keyword !== "anyOf" && keyword !== "if");
  return own.length === 0 ? errors : own;
}

function differenceOf(type: string, error: ErrorObject): Difference {
  const path = error.instancePath.replaceAll(/\/\d+(?=\/|$)/g, "").slice(1);
  const place = `${type} ${path.replaceAll("/", ".")}`.trim();
  const { missingProperty, additionalProperty, allowedValues } = error.params;
  const detail = missingProperty ?? additionalProperty ?? allowedValues?.join("|") ?? "";
  return { place, message: `${error.message} ${detail}`.trim() };
}

/** OpenAPI 3.0's `nullable` in the words of JSON Schema. */
function converted(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(converted);
  }
  if (typeof schema !== "object" || schema === null) {
    return schema;
  }
  const fields = Object.entries(schema)
    .filter(([name]) => !name.startsWith("x-") && name !== "nullable" && name !== "discriminator")
    .map(([name, value]) => [name, converted(value)]);
  const plain: Record<string, unknown> = Object.fromEntries(fields);
  const nullable = "nullable" in schema && schema.nullable === true;
  return nullable ? { anyOf: [plain, { type: "null" }] } : plain;
}
