import type { PlanChoiceRefusal } from "../../../domain/catalog/plan_choice.ts";
import { HttpError } from "../http_error.ts";

/** Why a plan cannot be had: 404 unknown, 422 not sold, 409 the tenant has it already. */
export function planRefusal(
  outcome: PlanChoiceRefusal | { readonly type: "already_on_plan"; readonly planSlug: string },
): HttpError {
  switch (outcome.type) {
    case "unknown_plan":
      return new HttpError(404, {
        code: "unknown_plan",
        message: `There is no plan "${outcome.planSlug}": choose one from the list of plans`,
      });
    case "plan_not_purchasable":
      return new HttpError(422, {
        code: "plan_not_purchasable",
        message: `The plan "${outcome.planSlug}" cannot be bought: ${outcome.reason}`,
      });
    case "already_on_plan":
      return new HttpError(409, {
        code: "already_on_plan",
        message: `This tenant is on the plan "${outcome.planSlug}" already`,
      });
    default:
      return outcome satisfies never;
  }
}
