/** A problem with one field of a request. */
export interface ErrorDetail {
  readonly field: string;
  readonly message: string;
}

/** What a refusal tells the client. */
export interface HttpErrorContent {
  /** Stable, for programs. */
  readonly code: string;
  /** For people: what to do about it. */
  readonly message: string;
  readonly details?: readonly ErrorDetail[] | undefined;
  /** Further fields of the body. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The cause, for the log only. */
  readonly cause?: unknown;
}

/** A request that is answered with an error. Everything but `cause` is shown to the client. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly statusCode: number;
  readonly code: string;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, content: HttpErrorContent) {
    super(content.message, { cause: content.cause });
    this.statusCode = statusCode;
    this.code = content.code;
    this.details = content.details;
    this.fields = content.fields ?? {};
    this.headers = content.headers ?? {};
  }
}
