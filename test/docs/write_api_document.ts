import { writeFile } from "node:fs/promises";
import { apiDocument } from "../rig/api_document.ts";

await writeFile("docs/openapi.json", `${JSON.stringify(apiDocument(), null, 2)}\n`);
