import { clearable, hash, oneOf, text } from "./params.ts";

const FEEDBACK = oneOf(
  "customer_service",
  "low_quality",
  "missing_features",
  "other",
  "switched_service",
  "too_complex",
  "too_expensive",
  "unused",
);

/** Why somebody cancels. */
export const REMARKS = hash({ comment: clearable(text), feedback: clearable(FEEDBACK) });
