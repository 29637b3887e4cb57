/** Where the processes of a day keep what they count. */
export type DayStore =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "mongodb"; readonly url: string };

/** A call that a process makes for somebody. Its key makes it safe to repeat, anywhere. */
export type Call = { readonly tenantId: string; readonly key: string } & (
  | { readonly do: "debit" | "commit"; readonly tokens: number }
  | { readonly do: "reserve"; readonly tokens: number; readonly expiresInSeconds: number }
  | { readonly do: "release" | "unsend" }
  | { readonly do: "send"; readonly count: number }
);

/** What a process is told, a line of JSON each. */
export type Order =
  | {
      readonly order: "start";
      readonly store: DayStore;
      readonly clock: DayClock;
      readonly aheadMs: number;
    }
  | { readonly order: "clock"; readonly aheadMs: number }
  | { readonly order: "call"; readonly id: number; readonly call: Call };

/** How time passes: since a moment here it is so much faster. */
export interface DayClock {
  /** The simulated moment, and the moment here at which it was. Milliseconds since 1970. */
  readonly begin: number;
  readonly startedAt: number;
  readonly speed: number;
}

/** What a process answers, a line of JSON each. */
export type Answer =
  | { readonly answer: "ready" }
  | {
      readonly answer: "done";
      readonly id: number;
      readonly type: string;
      /** When the month began that a send was counted in, where that is certain. */
      readonly month: string | null;
    }
  /** Whether it took place is unknown: it has to be asked again. */
  | { readonly answer: "failed"; readonly id: number };

/** The simulated moment. */
export function timeOf({ begin, startedAt, speed }: DayClock): number {
  return begin + (Date.now() - startedAt) * speed;
}
