import { type Command, Option } from "commander";
import type { ContentKind } from "../../application/installation/store_progress.ts";
import { counted } from "../../domain/counted.ts";
import { RUN_AGAIN, reporting, withExamples } from "./command.ts";
import type { CommandOutput } from "./command_output.ts";

const KINDS = ["sqlite", "mongodb"] as const;

/** A database that billing can be kept in. */
export type StoreKind = (typeof KINDS)[number];

/** What people call a record of a kind: one of them, and several where that takes more than an "s". */
const NAMES: Readonly<Record<ContentKind, readonly [one: string, several?: string]>> = {
  catalog: ["catalogue"],
  accounts: ["account"],
  auditEntries: ["audit entry", "audit entries"],
  attention: ["case for attention", "cases for attention"],
  ledgerEntries: ["ledger entry", "ledger entries"],
  reservations: ["reservation"],
  topUps: ["automatic top-up"],
  emailUsage: ["record of e-mails", "records of e-mails"],
  events: ["event"],
  notificationRecords: ["record of notifications", "records of notifications"],
  deliveries: ["delivery", "deliveries"],
};

const CONTENT_KINDS = Object.keys(NAMES) as ContentKind[];

/** A number of records of a kind, for people. */
export function countedRecords(kind: ContentKind, count: number): string {
  return counted(count, ...NAMES[kind]);
}

/** State of the indexes; both lists are empty if all is well. */
export interface IndexReport {
  readonly missing: readonly string[];
  /** Indexes that exist with other fields or options. */
  readonly different: readonly string[];
}

/** What became of a copy. */
export interface MigrationReport {
  /** How many records there are of each kind. */
  readonly counts: Readonly<Partial<Record<ContentKind, number>>>;
  /** What differs between the two databases. */
  readonly problems: readonly string[];
}

/** What the commands about databases do. */
export interface StoreCommands {
  /** Creates the indexes of MongoDB, or only compares them. */
  indexes(action: "sync" | "check"): Promise<IndexReport>;
  /** Copies one database into the other, and compares the two. */
  migrate(
    databases: { from: StoreKind; to: StoreKind },
    onProgress: (line: string) => void,
  ): Promise<MigrationReport>;
}

/** Adds the commands about databases. */
export function addStoreCommands(
  program: Command,
  commands: StoreCommands,
  output: CommandOutput,
): void {
  const indexes = program.command("indexes").description("work with the indexes of MongoDB");
  withExamples(indexes, "indexes check", "indexes sync");
  const check = indexes
    .command("check")
    .description("say which are missing or different; exits with 1 if any is");
  reporting(check, output, async () => indexReport(await commands.indexes("check")));
  withExamples(check, "indexes check", "indexes check --json");
  const sync = indexes
    .command("sync")
    .description("create the missing ones, and say what is left to do by hand");
  reporting(sync, output, async () => indexReport(await commands.indexes("sync")), RUN_AGAIN);
  withExamples(sync, "indexes sync");
  const migrate = program
    .command("migrate")
    .description("copy one database into the other and compare them; stop the service first")
    .addOption(databaseOption("--from <database>", "what to copy"))
    .addOption(databaseOption("--to <database>", "where to; what it has already stays"));
  const work = async (databases: { from: StoreKind; to: StoreKind }) => {
    if (databases.from === databases.to) {
      migrate.error("error: --from and --to name the same database");
    }
    return migrationReport(await commands.migrate(databases, (line) => output.progress(line)));
  };
  reporting(migrate, output, work, {
    advice: `the copy is not complete and not compared; ${RUN_AGAIN.advice}`,
  });
  withExamples(migrate, "migrate --from sqlite --to mongodb");
}

function databaseOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(KINDS).makeOptionMandatory();
}

function indexReport(report: IndexReport) {
  const lines = [
    ...report.missing.map((name) => `missing    ${name}`),
    ...report.different.map((name) => `different  ${name}`),
  ];
  const text = lines.length === 0 ? "Every index is there" : lines.join("\n");
  return { text, json: report, problem: lines.length > 0 };
}

function migrationReport(report: MigrationReport) {
  const { counts, problems } = report;
  const copied = CONTENT_KINDS.flatMap((kind) => {
    const count = counts[kind];
    return count === undefined ? [] : countedRecords(kind, count);
  });
  const text =
    problems.length === 0 ? `The copy is complete: ${copied.join(", ")}` : problems.join("\n");
  return { text, json: report, problem: problems.length > 0 };
}
