import { Tally } from "../tally.ts";
import type { Template } from "../world.ts";
import { type Outcome, playHistory } from "./play_history.ts";
import { ANY, Breeder, HONEST, type TenantHistory } from "./tenant_history.ts";

/** A lineage of histories: some made anew, the others bred from those that came to something. */
export interface Lineage {
  readonly seed: number;
  readonly count: number;
  /** Whether the tenant always pays; then it must not lose anything, either. */
  readonly honest: boolean;
}

/** What a lineage came to. */
export interface Bred {
  readonly lived: number;
  readonly tally: Tally;
  /** The first history in which something is wrong, with what is. */
  readonly failure: { readonly history: TenantHistory; readonly problems: string[] } | null;
}

/** So many of ten histories are made anew. */
const NEW_OF_TEN = 4;

interface Parent {
  readonly history: TenantHistory;
  readonly share: number;
}

/** Plays a lineage until something is wrong, and shortens the history that shows it. */
export async function evolve(lineage: Lineage, template: Template): Promise<Bred> {
  const breeder = new Breeder(lineage.seed, lineage.honest ? HONEST : ANY);
  const parents: Parent[] = [];
  const met = new Set<string>();
  const tally = new Tally();
  for (let lived = 0; lived < lineage.count; lived += 1) {
    const anew = parents.length < 2 || lived % 10 < NEW_OF_TEN;
    const history = anew
      ? breeder.make()
      : breeder.mutate(closest(breeder, parents), closest(breeder, parents));
    const outcome = await playHistory(history, template);
    tally.add(outcome.tally);
    tally.count(anew ? "made anew" : "bred");
    countMet(outcome, tally);
    if (problemsOf(outcome, lineage).length > 0) {
      const shortest = await shortened(history, lineage, template);
      const problems = problemsOf(await playHistory(shortest, template), lineage);
      return { lived: lived + 1, tally, failure: { history: shortest, problems } };
    }
    const before = met.size;
    for (const what of outcome.met) {
      met.add(what);
    }
    if (met.size > before) {
      parents.push({ history, share: outcome.share });
    }
  }
  return { lived: lineage.count, tally, failure: null };
}

/** What is wrong with how a history came out. */
export function problemsOf(outcome: Outcome, { honest }: Pick<Lineage, "honest">): string[] {
  return [...outcome.gains, ...(honest ? outcome.losses : [])];
}

/** The one of two that used more of what was bought. */
function closest(breeder: Breeder, parents: readonly Parent[]): TenantHistory {
  const [one, other] = [breeder.pick(parents), breeder.pick(parents)];
  return (one.share >= other.share ? one : other).history;
}

async function shortened(
  history: TenantHistory,
  lineage: Lineage,
  template: Template,
): Promise<TenantHistory> {
  for (let at = history.moves.length - 1; at >= 0; at -= 1) {
    const shorter = { ...history, moves: history.moves.toSpliced(at, 1) };
    const outcome = await playHistory(shorter, template);
    if (problemsOf(outcome, lineage).length > 0) {
      return await shortened(shorter, lineage, template);
    }
  }
  return history;
}

function countMet({ met }: Outcome, tally: Tally): void {
  const words = new Set([...met].flatMap((what) => what.split(" ")));
  for (const word of words) {
    tally.count(word);
  }
}
