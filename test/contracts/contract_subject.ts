import { expect } from "chai";
import { PortError } from "../../src/application/ports/port_error.ts";
import { useFresh } from "../rig/use_fresh.ts";

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

/** A suite of behaviours, to be run on every implementation, by what that is called. */
export type Contract<Store> = (name: string, open: () => Promise<ContractSubject<Store>>) => void;

/** A suite whose behaviours each begin with a subject of their own; `role` follows the name. */
export function contract<Store>(
  role: string,
  declare: (current: Current<Store>) => void,
): Contract<Store> {
  return (name, open) => {
    describe(`${name} ${role}`, () => {
      const subject = useFresh(open);
      declare(() => {
        const { store, another = store, unreachable } = subject;
        return { store, another, unreachable };
      });
    });
  };
}

/** Expects a call to fail with `PortError`, and answers it. */
export async function expectPortError(call: Promise<unknown>): Promise<PortError> {
  const outcome = await call.then(
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
