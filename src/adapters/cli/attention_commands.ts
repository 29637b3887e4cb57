import type { Command } from "commander";
import type { Billing } from "../../application/billing.ts";
import type { AttentionRecord } from "../../domain/attention/attention_item.ts";
import { type BillingCommands, RUN_AGAIN, reporting, withExamples } from "./command.ts";
import type { CommandOutput } from "./command_output.ts";
import { expectKnownTenant } from "./expect_known_tenant.ts";
import { countUpTo } from "./parse_count.ts";

/** What operators can do with the attention list. */
export type AttentionUseCases = Pick<Billing, "listAttention" | "resolveAttention" | "knowsTenant">;

/** What the commands work with. */
export interface AttentionCommands extends BillingCommands<AttentionUseCases> {
  readonly operator: string;
}

const MAX_LIMIT = 1_000;
const EXAMPLE_ID = "no_plan_item:clacme0001:sub_1";

interface ListOptions {
  readonly tenant?: string;
  readonly all?: boolean;
  readonly limit: number;
}

/** Adds `attention list` and `resolve` to the command line. */
export function addAttentionCommands(
  program: Command,
  commands: AttentionCommands,
  output: CommandOutput,
): void {
  const attention = program
    .command("attention")
    .description("see what somebody has to look at, above all money that gives nothing");
  withExamples(attention, "attention list", `attention resolve ${EXAMPLE_ID}`);
  addList(attention, commands, output);
  addResolve(attention, commands, output);
}

function addList(
  attention: Command,
  { withBilling }: AttentionCommands,
  output: CommandOutput,
): void {
  const list = attention
    .command("list")
    .description("list what is open, what began last first, with what to do about it")
    .option("--tenant <id>", "only this tenant's")
    .option("--all", "also what was resolved, or went by itself")
    .option("--limit <number>", `at most so many, up to ${MAX_LIMIT}`, countUpTo(MAX_LIMIT), 50);
  reporting(list, output, ({ tenant: tenantId, all, limit }: ListOptions) =>
    withBilling(async ({ listAttention, knowsTenant }) => {
      const { items, next } = await listAttention.execute({ tenantId, all, limit });
      if (items.length === 0 && tenantId !== undefined) {
        await expectKnownTenant(tenantId, { knowsTenant });
      }
      const more = next !== null;
      const hint = more ? ["There are more: raise --limit, or narrow it by --tenant"] : [];
      const text = [...items.map(itemText), ...hint].join("\n");
      return {
        text: items.length === 0 ? "Nothing waits for somebody to look at it" : text,
        json: { items: items.map(shownItem), more },
      };
    }),
  );
  withExamples(list, "attention list", "attention list --tenant clacme0001 --all --json");
}

function addResolve(
  attention: Command,
  { withBilling, operator: name }: AttentionCommands,
  output: CommandOutput,
): void {
  const resolve = attention
    .command("resolve <id>")
    .description("take a case off the list that you have dealt with; it stays in the audit trail")
    .option("--operator <name>", "your name; it stays with the case", name);
  reporting(
    resolve,
    output,
    (id: string, { operator }: { operator: string }) =>
      withBilling(async ({ resolveAttention }) => {
        const outcome = await resolveAttention.execute({ id, operator });
        if (outcome.type === "unknown") {
          throw new Error(`Cannot resolve "${id}": the list has no such item, see attention list`);
        }
        const { item } = outcome;
        const text =
          outcome.type === "resolved" ? `Resolved: ${item.message}` : `Not open: ${endText(item)}`;
        return { text, json: shownItem(item) };
      }),
    RUN_AGAIN,
  );
  withExamples(
    resolve,
    `attention resolve ${EXAMPLE_ID}`,
    `attention resolve ${EXAMPLE_ID} --operator Ada`,
  );
}

/** Who was told of an item concerns nobody. */
function shownItem({ turns: _, untold: __, ...item }: AttentionRecord) {
  return item;
}

function itemText(item: AttentionRecord): string {
  const { id, kind, tenantId, since, message, action, state } = item;
  return [
    `${since.toISOString()}  ${kind}  ${tenantId ?? "no tenant"}`,
    `  ${message}`,
    state === "open" ? `  -> ${action}` : `  ${endText(item)}`,
    `  ${id}`,
  ].join("\n");
}

function endText({ state, resolvedAt, resolvedBy }: AttentionRecord): string {
  const when = resolvedAt?.toISOString() ?? "an unknown time";
  const resolved =
    resolvedBy === null ? "" : `resolved by ${JSON.stringify(resolvedBy)} at ${when}`;
  const gone = resolved === "" ? `went by itself at ${when}` : `${resolved}; its cause is gone`;
  return state === "gone" ? gone : resolved;
}
