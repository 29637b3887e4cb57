import { expect } from "chai";
import { PortError } from "../../src/application/ports/port_error.ts";
import { declareIn, it, type TestRunner } from "./test_runner.ts";

export { it } from "./test_runner.ts";

/** What a contract suite is run on: a store without any content, made anew for each behaviour. */
export interface ContractSubject<Store> {
  readonly store: Store;
  /** A second connection to the same content, where the adapter can have one. */
  readonly another?: Store;
  /** A store of the same kind that cannot reach its database. */
  readonly unreachable: Store;
  /** Lets go of everything; called once. */
  close(): Promise<void>;
}

/** The subject of the behaviour that runs now; without a second connection both are the first. */
export type Current<Store> = () => {
  readonly store: Store;
  readonly another: Store;
  readonly unreachable: Store;
};

/** What is made of each store of a subject: a part of it, or something in front of it. */
export function subjectOf<Whole, Part>(
  open: () => Promise<ContractSubject<Whole>>,
  make: (store: Whole) => Part,
): () => Promise<ContractSubject<Part>> {
  return async () => {
    const { store, another, unreachable, close } = await open();
    return {
      store: make(store),
      ...(another && { another: make(another) }),
      unreachable: make(unreachable),
      close,
    };
  };
}

/** A suite of behaviours, to be run on every implementation, by what that is called. */
export type Contract<Store> = (
  name: string,
  open: () => Promise<ContractSubject<Store>>,
  /** Default: `describe` and `it` as globals, as mocha has them. */
  runner?: TestRunner,
) => void;

/**
 * A suite whose behaviours each begin with a subject of their own.
 *
 * @param role what follows the name, as in `as AuditStore`
 * @param parts each declares some behaviours
 */
export function contract<Store>(
  role: string,
  ...parts: readonly ((current: Current<Store>) => void)[]
): Contract<Store> {
  return (name, open, runner) => {
    let subject: ContractSubject<Store> | undefined;
    const current = () => {
      if (subject === undefined) {
        throw new TypeError("Cannot use the subject of a contract before its test has begun");
      }
      const { store, another = store, unreachable } = subject;
      return { store, another, unreachable };
    };
    const around = async (test: () => unknown) => {
      subject = await open();
      try {
        await test();
      } finally {
        await subject.close();
      }
    };
    declareIn(runner, { name: `${name} ${role}`, around }, () => {
      for (const declare of parts) {
        declare(current);
      }
    });
  };
}

/** A part of a suite: what all these calls, one per method, do without a database. */
export function outOfReach<Store>(
  calls: (unreachable: Store) => readonly Promise<unknown>[],
): (current: Current<Store>) => void {
  return (current) => {
    it("every method throws PortError when the database is out of reach", async () => {
      await Promise.all(calls(current().unreachable).map(expectPortError));
    });
  };
}

/** Expects a call to fail with `PortError`, and answers it. */
export async function expectPortError(call: unknown): Promise<PortError> {
  const outcome = await Promise.resolve(call).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  expect(outcome).to.have.property("error").that.is.instanceOf(PortError);
  return (outcome as { error: PortError }).error;
}

/** How often each answer was given. */
export function tally<T extends string>(answers: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const answer of answers) {
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
}

/** Makes `count` calls at once, taking turns between the connections. */
export function inParallel<Store, T>(
  { store, another }: { store: Store; another: Store },
  count: number,
  call: (store: Store, index: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => call(index % 2 === 0 ? store : another, index)),
  );
}
