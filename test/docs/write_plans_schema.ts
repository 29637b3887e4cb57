import { writeFile } from "node:fs/promises";
import { plansSchemaText } from "./plans_schema_text.ts";

await writeFile("plans.schema.json", plansSchemaText());
