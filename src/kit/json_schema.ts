import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";

/** What is wrong with one place of a value. */
export interface SchemaProblem {
  /** Path such as `plans[0].slug`; empty for the value itself. */
  readonly path: string;
  /** A sentence that names the field and says what to do. */
  readonly message: string;
}

/** A value that fits its schema, or all that is wrong with it. */
export type SchemaResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Longer lists of problems help nobody. */
const MAX_PROBLEMS = 25;
const MAX_NAME_LENGTH = 80;

let ajv: Ajv2020 | undefined;

/**
 * Makes a schema into a check, which neither changes nor copies the value. It also refuses text
 * that is not well-formed Unicode, because stores cannot keep it as it is. The caller ensures that
 * `T` is what the schema describes. It is compiled with the first value: compiling all of them at
 * the start would take longer than the rest of it. The check throws when the schema itself is wrong.
 */
export function compileSchema<T>(schema: JsonSchema): (value: unknown) => SchemaResult<T> {
  let validate: ValidateFunction<T> | undefined;
  return (value) => {
    ajv ??= createCompiler();
    validate ??= ajv.compile<T>(schema);
    if (validate(value)) {
      const problems = [...malformedText(value, "")].slice(0, MAX_PROBLEMS);
      return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
    }
    return { ok: false, problems: (validate.errors ?? []).slice(0, MAX_PROBLEMS).map(problemOf) };
  };
}

function createCompiler(): Ajv2020 {
  const created = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    ownProperties: true,
    verbose: true,
  });
  ajvFormats.default(created);
  return created;
}

function* malformedText(value: unknown, path: string): Generator<SchemaProblem> {
  if (typeof value === "string" && !value.isWellFormed()) {
    yield { path, message: `${path || "the value"} must be well-formed Unicode text` };
  } else if (Array.isArray(value)) {
    for (const [index, part] of value.entries()) {
      yield* malformedText(part, childPath(path, index));
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      yield* malformedText(part, childPath(path, name));
    }
  }
}

function problemOf(error: ErrorObject): SchemaProblem {
  const parent = pathOf(error.instancePath);
  switch (error.keyword) {
    case "required":
    case "dependentRequired": {
      const path = join(parent, nameOf(error.params.missingProperty));
      return { path, message: `${path} is missing: add it` };
    }
    case "additionalProperties":
    case "unevaluatedProperties": {
      const name = error.params.additionalProperty ?? error.params.unevaluatedProperty;
      const path = join(parent, nameOf(name));
      return { path, message: `${path} is not a known field: remove it` };
    }
    default:
      return { path: parent, message: `${parent || "the value"} ${requirementOf(error)}` };
  }
}

function requirementOf({ keyword, params, message, parentSchema }: ErrorObject): string {
  const limit = String(params.limit);
  switch (keyword) {
    case "type":
      return `must be ${[params.type].flat().map(typeName).join(" or ")}`;
    case "enum":
      return `must be one of ${listOf(params.allowedValues)}`;
    case "const":
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case "minLength":
      return limit === "1" ? "must not be empty" : `must have at least ${limit} characters`;
    case "maxLength":
      return `must have at most ${limit} characters`;
    case "pattern":
      return parentSchema?.description === undefined
        ? `must match the pattern ${String(params.pattern)}`
        : `must be ${String(parentSchema.description)}`;
    case "format":
      return `must be a valid ${String(params.format)}`;
    case "minimum":
      return `must be ${limit} or more`;
    case "maximum":
      return `must be ${limit} or less`;
    case "exclusiveMinimum":
      return `must be more than ${limit}`;
    case "exclusiveMaximum":
      return `must be less than ${limit}`;
    case "minItems":
      return limit === "1" ? "must not be empty" : `must have at least ${limit} entries`;
    case "maxItems":
      return `must have at most ${limit} entries`;
    case "uniqueItems":
      return "must not have the same entry twice";
    default:
      return message ?? "is not valid";
  }
}

function typeName(type: unknown): string {
  switch (type) {
    case "null":
      return "null";
    case "integer":
      return "a whole number";
    case "array":
      return "a list";
    case "object":
      return "an object";
    default:
      return `a ${String(type)}`;
  }
}

function listOf(values: unknown): string {
  return (Array.isArray(values) ? values : [values]).map((v) => JSON.stringify(v)).join(", ");
}

function pathOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((path, part) => childPath(path, /^\d+$/.test(part) ? Number(part) : part), "");
}

/** The path of a field, or of an entry of a list, in the value at `parent`. */
export function childPath(parent: string, step: string | number): string {
  return typeof step === "number" ? `${parent}[${step}]` : join(parent, nameOf(step));
}

function join(parent: string, name: string): string {
  return parent === "" ? name : `${parent}.${name}`;
}

function nameOf(name: unknown): string {
  return String(name).slice(0, MAX_NAME_LENGTH);
}
