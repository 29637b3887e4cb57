import type { DunningSettings } from "../state/dunning_settings.ts";
import type { State } from "../state/state.ts";
import { ControlError, type Field, readBody } from "./json_body.ts";

const MOST_RETRIES = 20;

const retryDays: Field<number[] | undefined> = (value, name) => {
  if (value === undefined) {
    return undefined;
  }
  const days: unknown[] = Array.isArray(value) ? value : [Number.NaN];
  const good = days.every((one) => Number.isInteger(one) && Number(one) >= 1 && Number(one) <= 60);
  if (!good || days.length > MOST_RETRIES) {
    throw new ControlError(`Bad "${name}": expected a list of at most 20 integers, 1 to 60`);
  }
  return days.map(Number);
};

const FIELDS = {
  retryDays,
  subscription: oneOf("cancel", "past_due", "pause", "unpaid"),
  invoice: oneOf("open", "uncollectible"),
};

/** What the account does about payments that fail. */
export function readDunning(state: State): DunningSettings {
  return structuredClone(state.dunning);
}

/**
 * Changes what the account does about payments that fail, as Stripe's dashboard would; answers all
 * of it.
 * @throws {ControlError} for bad settings
 */
export function setDunning(state: State, body: unknown): DunningSettings {
  const wanted = Object.entries(readBody(FIELDS, body)).filter(([, value]) => value !== undefined);
  Object.assign(state.dunning, Object.fromEntries(wanted));
  return readDunning(state);
}

function oneOf(...words: string[]): Field<string | undefined> {
  return (value, name) => {
    const word = words.find((candidate) => candidate === value);
    if (value !== undefined && word === undefined) {
      throw new ControlError(`Bad "${name}": expected one of ${words.join(", ")}`);
    }
    return word;
  };
}
