import type { FieldChange } from "../../domain/catalog/field_change.ts";
import { moneyText } from "../../domain/catalog/money.ts";
import type { TaxBehavior } from "../../domain/catalog/paperwork.ts";
import type { CatalogChange } from "../catalog/catalog_plan.ts";
import type { PriceOrder } from "../ports/catalog/catalog_publisher.ts";
import type { WebhookEndpointChange } from "./webhook_endpoint_plan.ts";

const TAX_WORDS: Readonly<Record<TaxBehavior, string>> = {
  exclusive: "tax comes on top",
  inclusive: "tax is contained",
};

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
    case "specify_tax":
      return [`~ price "${change.lookupKey}"`, `    ${TAX_WORDS[change.taxBehavior]}`];
    case "put_portal": {
      const portal =
        change.purpose === "home" ? "Customer Portal" : "Customer Portal, plan changes";
      return change.configurationId === null
        ? [`+ ${portal}`]
        : [`~ ${portal}`, ...change.fields.map(describeField)];
    }
    case "update_stored":
      return change.isNew
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

function describePrice({
  interval,
  taxBehavior,
  ...money
}: Omit<PriceOrder, "lookupKey" | "productId">): string {
  const often = interval === null ? "once" : `per ${interval}`;
  const tax = taxBehavior === null ? "" : `, ${TAX_WORDS[taxBehavior]}`;
  return `${moneyText(money)} ${often}${tax}`;
}
