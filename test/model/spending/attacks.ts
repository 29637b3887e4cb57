import type { Attack, Figures } from "./attack.ts";
import { GAIN_ATTACKS } from "./gain_attacks.ts";
import { INTERVAL_ATTACKS } from "./interval_attacks.ts";
import { LIFE_ATTACKS } from "./life_attacks.ts";
import { LOSS_ATTACKS } from "./loss_attacks.ts";
import { ODD_ATTACKS } from "./odd_attacks.ts";
import { OPERATOR_ATTACKS } from "./operators/operator_attacks.ts";
import { PAYMENT_ATTACKS } from "./operators/payment_attacks.ts";
import { STANDING_ATTACKS } from "./standing_attacks.ts";

/** All attacks, and the honest histories beside them. */
export const ATTACKS: readonly Attack[] = [
  ...GAIN_ATTACKS,
  ...LOSS_ATTACKS,
  ...ODD_ATTACKS,
  ...LIFE_ATTACKS,
  ...INTERVAL_ATTACKS,
  ...STANDING_ATTACKS,
  ...OPERATOR_ATTACKS,
  ...PAYMENT_ATTACKS,
];

/** Tokens and e-mails are rounded at each change, and a moment is a whole second. */
const ROUNDING = 20;
/** In minor units. */
const CENTS = 3;

/** Whether a history came out with these figures. */
export function isClose(found: Figures, figures: Figures): boolean {
  return (
    found.plan === figures.plan &&
    Math.abs(found.paid - figures.paid) <= CENTS &&
    Math.abs(found.tokens - figures.tokens) <= ROUNDING &&
    Math.abs(found.emails - figures.emails) <= ROUNDING
  );
}
