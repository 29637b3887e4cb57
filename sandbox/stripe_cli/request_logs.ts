import { invalidRequest } from "../engine/request_error.ts";
import type { CliSession } from "../state/request_records.ts";

/** A request of the API and what was answered. */
export interface RequestLog {
  /** Unix seconds. */
  createdAt: number;
  method: string;
  /** The path of its URL. */
  url: string;
  requestId: string;
  status: number;
  /** Stripe's error object, where it was refused. */
  error: Readonly<Record<string, unknown>> | undefined;
}

/** Which requests `stripe logs tail` asks for, by its flags; none of a kind is all of it. */
type LogFilters = NonNullable<CliSession["logs"]>;

const FILTERS = [
  "filter_http_method",
  "filter_request_path",
  "filter_request_status",
  "filter_source",
  "filter_status_code",
  "filter_status_code_type",
] as const;

/**
 * The filters of a session, which the command line sends as JSON.
 * @throws {RequestError} where there is one that the sandbox does not know
 */
export function parseFilters(text: string | undefined): LogFilters {
  const sent = new Map<string, unknown>(Object.entries(parse(text ?? "{}")));
  const unknown = [...sent.keys()].find((name) => !(FILTERS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw invalidRequest(`The sandbox's request logs have no ${unknown}.`, "filters");
  }
  const read = (name: string) => [sent.get(name) ?? []].flat().map(String);
  return Object.fromEntries(FILTERS.map((name) => [name, read(name)]));
}

/** Whether a request is one of those that are asked for. */
export function isAskedFor(filters: LogFilters, { method, url, status }: RequestLog): boolean {
  const outcome = status < 300 ? "SUCCEEDED" : "FAILED";
  const facts: LogFilters = {
    filter_http_method: [method],
    filter_request_path: [url],
    filter_request_status: [outcome],
    filter_source: ["API"],
    filter_status_code: [String(status)],
    filter_status_code_type: [`${Math.floor(status / 100)}00`],
  };
  return FILTERS.every((name) => {
    const wanted = (filters[name] ?? []).map((value) => value.toUpperCase());
    const has = (facts[name] ?? []).some((fact) => wanted.includes(fact.toUpperCase()));
    return wanted.length === 0 || has;
  });
}

/** The message that tells the command line of a request. */
export function logMessage(log: RequestLog): string {
  const payload = {
    created_at: log.createdAt,
    livemode: false,
    method: log.method,
    request_id: log.requestId,
    status: log.status,
    url: log.url,
    ...(log.error && { error: log.error }),
  };
  return JSON.stringify({
    type: "request_log_event",
    event_payload: JSON.stringify(payload),
    request_log_id: log.requestId,
  });
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) {
      return value;
    }
  } catch {
    // Said below.
  }
  throw invalidRequest("The filters are no JSON object.", "filters");
}
