/** What Stripe says about a request that it refuses. */
export interface RequestErrorDetails {
  status: number;
  type: "invalid_request_error" | "idempotency_error" | "api_error";
  code?: string | undefined;
  param?: string | undefined;
}

/** A refusal of the sandbox, answered in Stripe's error shape. */
export class RequestError extends Error {
  readonly details: RequestErrorDetails;

  constructor(message: string, details: RequestErrorDetails) {
    super(message);
    this.name = "RequestError";
    this.details = details;
  }
}

/** 400 `invalid_request_error`: the request cannot be done as it stands. */
export function invalidRequest(message: string, param?: string, code?: string): RequestError {
  return new RequestError(message, { status: 400, type: "invalid_request_error", code, param });
}

/** 404 `resource_missing`: `what` is Stripe's name of the object, such as `customer`. */
export function resourceMissing(what: string, id: string, param = "id"): RequestError {
  return new RequestError(`No such ${what}: '${id}'`, {
    status: 404,
    type: "invalid_request_error",
    code: "resource_missing",
    param,
  });
}

/** 400 `resource_missing`: a parameter of the request names an object that does not exist. */
export function referenceMissing(what: string, id: string, param: string): RequestError {
  return invalidRequest(`No such ${what}: '${id}'`, param, "resource_missing");
}
