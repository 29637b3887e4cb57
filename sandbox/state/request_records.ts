/** A stored answer to a request that carried an `Idempotency-Key`. */
export interface IdempotentAnswer {
  fingerprint: string;
  storedAtMs: number;
  status: number;
  body: string;
}

/** What a connection of Stripe's command line was made for. */
export interface CliSession {
  /** Signs the events that it gets. */
  secret: string;
  /** Which requests it is told of, by name of filter; null where it gets events instead. */
  logs: Readonly<Record<string, readonly string[]>> | null;
}

/** How the next requests of a route of the API fail. */
export interface Fault {
  /** Such as `POST /v1/customers`; `*` is every route. */
  route: string;
  /** `timeout`: the answer comes late, and is a good one. */
  kind: "lock_timeout" | "status" | "timeout";
  status: number | null;
  timeoutMs: number | null;
  /** Whether the request is executed all the same. */
  executed: boolean;
  /** How many requests still fail. */
  times: number;
}
