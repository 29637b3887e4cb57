import { writeFile } from "node:fs/promises";
import { CLIENT_TYPES_PATH, clientTypes } from "./client_types.ts";

await writeFile(CLIENT_TYPES_PATH, clientTypes());
