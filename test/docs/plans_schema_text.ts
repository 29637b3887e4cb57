import { publishedCatalogSchema } from "../../src/adapters/catalog_file/published_catalog_schema.ts";

/** The content of `plans.schema.json`. */
export function plansSchemaText(): string {
  return `${JSON.stringify(publishedCatalogSchema(), null, 2)}\n`;
}
