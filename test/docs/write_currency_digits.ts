import { writeFile } from "node:fs/promises";
import { currencyDigitsModule } from "./currency_digits_module.ts";

await writeFile("src/adapters/dashboard/client/currency_digits.js", currencyDigitsModule());
