import { type TSchema, Type } from "typebox";
import { compileSchema, type SchemaResult } from "../../kit/json_schema.ts";
import { HttpError } from "./http_error.ts";
import type { Shown } from "./schema.ts";

const WHOLE_NUMBER = /^(0|[1-9]\d{0,15})$/;

/** A part of a request: how it is described, and how it is checked. */
export interface Input<T> {
  readonly schema: TSchema;
  /** Whether it may be left out; then it counts as an empty object. */
  readonly isOptional: boolean;
  check(value: unknown): SchemaResult<T>;
}

/** What has to fit a schema. */
export function input<T extends TSchema>(schema: T): Input<Shown<T>> {
  return { schema, isOptional: false, check: compileSchema<Shown<T>>(Object(schema)) };
}

/** An object that may be left out. */
export function optionalInput<T extends TSchema>(schema: T): Input<Shown<T>> {
  return { ...input(schema), isOptional: true };
}

/** What has to fit the first schema where it is meant, else the second. */
export function eitherInput<A extends TSchema, B extends TSchema>(
  isFirst: (value: unknown) => boolean,
  first: A,
  second: B,
): Input<Shown<A> | Shown<B>> {
  const [a, b] = [input(first), input(second)];
  return {
    schema: Type.Unsafe({ oneOf: [first, second] }),
    isOptional: false,
    check: (value) => (isFirst(value) ? a.check(value) : b.check(value)),
  };
}

/**
 * The body, if it is as the schema says.
 *
 * @throws {HttpError} 400 with one detail per problem
 */
export function checkedBody<T>({ check, isOptional }: Input<T>, body: unknown): T {
  if (body === undefined && !isOptional) {
    throw new HttpError(400, {
      code: "body_missing",
      message: "The body is missing: send a JSON object with Content-Type application/json",
    });
  }
  return checked(check(body ?? {}), { code: "invalid_body", what: "body" });
}

/**
 * The query's parameters, if they are as the schema says. Those that are numbers are read as such.
 *
 * @throws {HttpError} 400 with one detail per problem
 */
export function checkedQuery<T>({ schema, check }: Input<T>, query: URLSearchParams): T {
  const repeated = [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1);
  const result = check(
    Object.fromEntries([...query].map(([name, text]) => [name, readAs(schema, name, text)])),
  );
  const problems = [
    ...repeated.map((name) => ({ path: name, message: `${name} may be given once only` })),
    ...(result.ok ? [] : result.problems),
  ];
  return checked(result.ok && problems.length === 0 ? result : { ok: false, problems }, {
    code: "invalid_query",
    what: "query",
  });
}

/**
 * The named parts of a path, if they are as the schema says.
 *
 * @throws {HttpError} 400 with one detail per problem
 */
export function checkedParams<T>({ check }: Input<T>, params: Readonly<Record<string, string>>): T {
  return checked(check(params), { code: "invalid_path", what: "path" });
}

function checked<T>(
  result: SchemaResult<T>,
  { code, what }: { readonly code: string; readonly what: string },
): T {
  if (result.ok) {
    return result.value;
  }
  const details = result.problems.map(({ path, message }) => ({ field: path, message }));
  throw new HttpError(400, {
    code,
    message: `The ${what} is not valid: ${details[0]?.message}`,
    details,
  });
}

function readAs(schema: TSchema, name: string, text: string): unknown {
  const { type }: { type?: unknown } = Object(propertyOf(schema, name));
  return type === "integer" && WHOLE_NUMBER.test(text) ? Number(text) : text;
}

function propertyOf(schema: TSchema, name: string): unknown {
  const { properties }: { properties?: unknown } = { ...schema };
  return Object.hasOwn(Object(properties), name) ? Object(properties)[name] : undefined;
}
