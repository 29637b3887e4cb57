import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { apiDocument } from "./api_document.ts";

const document = apiDocument();
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajvFormats.default(ajv);
ajv.addSchema(document, "api");

const checks = new Map<string, ValidateFunction>();
const routes = Object.keys(document.paths).map((path) => {
  const pattern = path.replaceAll(/[.]/g, "\\.").replaceAll(/\{\w+\}/g, "[^/]+");
  return { path, pattern: new RegExp(`^${pattern}$`) };
});

/** An answer to be compared with the document. */
export interface GivenAnswer {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * How an answer differs from what the API's document tells of; null where it does not. Paths and
 * methods that the document does not name must be refused with an error of the documented form,
 * where it is we who answer.
 */
export function documentProblem(answer: GivenAnswer): string | null {
  const { method, path, status, headers, text } = answer;
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  const route = routes.find(({ pattern }) => pattern.test(path))?.path;
  const operation = route === undefined ? undefined : document.paths[route]?.[verb];
  const where = `${method} ${path} answered ${status}`;
  if (method === "HEAD" || method === "OPTIONS" || text === "") {
    return null;
  }
  if (operation === undefined) {
    const isOurs = status >= 400 && text.includes('"code":') && headers.has("X-Request-Id");
    return isOurs ? schemaProblem(where, "#/components/schemas/Error", text) : null;
  }
  const { responses }: { responses?: Record<string, { headers: object }> } = { ...operation };
  const response = responses?.[String(status)];
  if (response === undefined) {
    return `${where}, of which the API's document says nothing: ${text}`;
  }
  const escaped = route
    ?.replaceAll("~", "~0")
    .replaceAll("/", "~1")
    .replaceAll("{", "%7B")
    .replaceAll("}", "%7D");
  const missing = ["Retry-After", "X-Quota-Limit", "WWW-Authenticate"].filter(
    (name) => headers.has(name) && !Object.hasOwn(response.headers, name),
  );
  if (missing.length > 0) {
    return `${where} with ${missing.join(", ")}, which the API's document does not name`;
  }
  const schema = `responses/${status}/content/application~1json/schema`;
  return schemaProblem(where, `#/paths/${escaped}/${verb}/${schema}`, text);
}

function schemaProblem(where: string, pointer: string, text: string): string | null {
  const validate = checks.get(pointer) ?? ajv.compile({ $ref: `api${pointer}` });
  checks.set(pointer, validate);
  if (validate(JSON.parse(text))) {
    return null;
  }
  const problems = ajv.errorsText(validate.errors);
  return `${where}, not as the API's document says: ${problems}\n${text}`;
}
