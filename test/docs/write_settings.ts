import { writeFile } from "node:fs/promises";
import { settingsDocument } from "../../src/composition/settings_document.ts";

await writeFile("docs/settings.md", settingsDocument());
