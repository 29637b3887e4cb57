import type { FieldChange } from "../../domain/catalog/field_change.ts";
import { moneyText } from "../../domain/catalog/money.ts";
import type { CatalogChange } from "../catalog/catalog_plan.ts";
import type { PriceOrder } from "../ports/catalog/catalog_publisher.ts";
import type { WebhookEndpointChange } from "./webhook_endpoint_plan.ts";

/**
 * Describes a change in lines for people: `+` is new, `~` is changed, with a line per changed
 * field.
 */
export function describeChange(change: CatalogChange | WebhookEndpointChange): readonly string[] {
  switch (change.type) {
    case "create_product":
      return [`+ product "${change.product.productId}": "${change.product.name}"`];
    case "update_product":
      return [`~ product "${change.product.productId}"`, ...change.fields.map(describeField)];
    case "create_price": {
      const { price, replaces } = change;
      const line = `+ price "${price.lookupKey}": ${describePrice(price)}`;
      return replaces === null
        ? [line]
        : [line, `    instead of ${describePrice(replaces)}, which stays for its subscribers`];
    }
    case "put_portal": {
      const portal =
        change.purpose === "home" ? "Customer Portal" : "Customer Portal, plan changes";
      return change.configurationId === null
        ? [`+ ${portal}`]
        : [`~ ${portal}`, ...change.fields.map(describeField)];
    }
    case "update_stored":
      return change.fields.every(({ before }) => before === null)
        ? [`+ ${change.what}`]
        : [`~ ${change.what}`, ...change.fields.map(describeField)];
    case "create_endpoint":
      return [`+ webhook endpoint ${change.url}`];
    case "update_endpoint":
      return [
        `~ webhook endpoint "${change.endpointId}"`,
        ...(change.enable ? ["    enabled: false -> true"] : []),
        ...change.add.map((type) => `    + ${type}`),
        ...change.remove.map((type) => `    - ${type}`),
      ];
    default:
      return change satisfies never;
  }
}

function describeField({ field, before, after }: FieldChange): string {
  return `    ${field}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
}

function describePrice({ interval, ...money }: Omit<PriceOrder, "lookupKey">): string {
  return `${moneyText(money)} ${interval === null ? "once" : `per ${interval}`}`;
}
