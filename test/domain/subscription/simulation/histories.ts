import { GAIN_HISTORIES } from "./gain_histories.ts";
import type { History } from "./history.ts";
import { LOSS_HISTORIES } from "./loss_histories.ts";
import { MORE_HISTORIES } from "./more_histories.ts";
import { ODD_HISTORIES } from "./odd_histories.ts";

/** All histories. */
export const HISTORIES: readonly History[] = [
  ...GAIN_HISTORIES,
  ...LOSS_HISTORIES,
  ...ODD_HISTORIES,
  ...MORE_HISTORIES,
];
