/** An attack, and whether the service held. */
export interface Row {
  readonly what: string;
  readonly held: boolean;
}

/** Attacks of one kind. */
export interface Table {
  readonly name: string;
  /** What is broken on purpose, so that the table must find it. */
  readonly plant: string;
  /** Starts the service and attacks it, or one that is broken as the plant says. */
  attack(isPlanted: boolean): Promise<readonly Row[]>;
}

/** A status as an attack sees it; 0 where nothing was answered, or not as the API says. */
export async function statusOf(answer: Promise<{ readonly status: number }>): Promise<number> {
  return await answer.then(
    ({ status }) => status,
    () => 0,
  );
}
