import type { Environment } from "../../src/kit/settings.ts";
import { describeOnMongodb, dropDatabase } from "../mongodb_server/describe_on_mongodb.ts";

/**
 * Declares the same tests once per database. To be awaited at the top level of a test file.
 *
 * @param declare declares the tests; each of them asks for the settings of a store that is empty
 */
export async function describeOnEveryStore(
  title: string,
  declare: (emptyStore: () => Promise<Environment>) => void,
): Promise<void> {
  describe(`${title} (on SQLite)`, () => declare(async () => ({})));
  await describeOnMongodb(title, ({ url }) =>
    declare(async () => {
      await dropDatabase(url);
      return { MONGODB_URL: url };
    }),
  );
}
