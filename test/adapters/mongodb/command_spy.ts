import { connectMongo } from "../../../src/adapters/mongodb/connect_mongo.ts";
import { mongoStore } from "../../../src/adapters/mongodb/open_mongo_store.ts";
import type { BillingStore } from "../../../src/application/ports/billing_store.ts";

/** A command as it was sent to the server. */
export type SentCommand = Readonly<Record<string, unknown>> & { readonly name: string };

/** A store, and all commands that it has sent so far. */
export interface SpiedStore {
  readonly store: BillingStore;
  readonly sent: SentCommand[];
}

/** Opens a store whose commands can be looked at. */
export async function openSpiedStore(url: string): Promise<SpiedStore> {
  const database = await connectMongo({ url }, { monitorCommands: true });
  const sent: SentCommand[] = [];
  database.connection.getClient().on("commandStarted", ({ commandName, command }) => {
    sent.push({ ...command, name: commandName });
  });
  return { store: mongoStore(database), sent };
}
