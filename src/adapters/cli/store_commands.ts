import { type Command, Option } from "commander";

const KINDS = ["sqlite", "mongodb"] as const;
type Kind = (typeof KINDS)[number];

/** What the commands about databases do. */
export interface StoreCommands {
  /** Creates the indexes of MongoDB, or only compares them. */
  indexes(action: "sync" | "check"): Promise<void>;
  /** Copies one database into the other, and compares the two. */
  migrate(databases: { from: Kind; to: Kind }): Promise<void>;
}

/** Adds the commands about databases. */
export function addStoreCommands(program: Command, commands: StoreCommands): void {
  const indexes = program.command("indexes").description("work with the indexes of MongoDB");
  indexes
    .command("check")
    .description("say which are missing or different; exits with 1 if any is")
    .action(() => commands.indexes("check"));
  indexes
    .command("sync")
    .description("create the missing ones, and say what is left to do by hand")
    .action(() => commands.indexes("sync"));
  program
    .command("migrate")
    .description("copy one database into the other and compare them; stop the service first")
    .addOption(databaseOption("--from <database>", "what to copy"))
    .addOption(databaseOption("--to <database>", "where to; what it has already stays"))
    .action((databases: { from: Kind; to: Kind }) => commands.migrate(databases));
}

function databaseOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(KINDS).makeOptionMandatory();
}
