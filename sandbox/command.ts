import { BlockList, isIP } from "node:net";
import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_HOST, DEFAULT_PORT } from "./sandbox.ts";

/** What the command line and the environment ask for. */
export interface CommandOptions {
  port: number;
  host: string;
  statePath: string | undefined;
  seed: number | undefined;
  /** Where events are sent. */
  webhooks: string[];
  /** Signs what is sent there; undefined has a secret made for each. */
  webhookSecret: string | undefined;
}

interface Flags {
  port: number;
  host: string;
  public?: true;
  webhook?: string[];
  state?: string;
  seed?: number;
}

const LARGEST_PORT = 65_535;
const LARGEST_SEED = 4_294_967_295;

const EPILOGUE = `
Webhooks are signed with SANDBOX_WEBHOOK_SECRET. Without it each URL gets
a secret of its own, which is printed.

Examples:
  stripe-sandbox --webhook http://127.0.0.1:3000/webhook
  stripe-sandbox --port 0 --state ./stripe.json`;

/** The `stripe-sandbox` command: reads its settings and hands them to `start`. */
export function createCommand(start: (options: CommandOptions) => Promise<void>): Command {
  const command = new Command("stripe-sandbox")
    .description("Starts a local server that speaks Stripe's API. No real money moves.")
    .option("--public", "allow an address that other machines can reach")
    .addHelpText("after", EPILOGUE);
  for (const option of settings()) {
    command.addOption(option);
  }
  return command.action(async (flags: Flags) => {
    if (!flags.public && !isLoopback(flags.host)) {
      command.error(
        `error: ${flags.host} can be reached from other machines, and the sandbox lets everybody ` +
          "in. Add --public where that is meant, or leave --host and SANDBOX_HOST out.",
      );
    }
    await start({
      port: flags.port,
      host: flags.host,
      statePath: flags.state,
      seed: flags.seed,
      webhooks: flags.webhook ?? [],
      webhookSecret: process.env.SANDBOX_WEBHOOK_SECRET || undefined,
    });
  });
}

/** Options that the environment can give, too. */
function settings(): Option[] {
  return [
    new Option("--port <number>", "port to listen on, 0 for any free one")
      .env("SANDBOX_PORT")
      .default(DEFAULT_PORT)
      .argParser(wholeNumber("A port", LARGEST_PORT)),
    new Option("--host <address>", "address to listen on")
      .env("SANDBOX_HOST")
      .default(DEFAULT_HOST),
    new Option("--webhook <url>", "send signed events to this URL; may be repeated")
      .env("SANDBOX_WEBHOOK_URL")
      .argParser(collectUrls),
    new Option("--state <file>", "keep the state in this file, not only in memory").env(
      "SANDBOX_STATE",
    ),
    new Option("--seed <number>", "repeat the same random losses and delays of webhooks")
      .env("SANDBOX_SEED")
      .argParser(wholeNumber("A seed", LARGEST_SEED)),
  ];
}

function wholeNumber(what: string, largest: number): (value: string) => number {
  return (value) => {
    if (!/^\d{1,10}$/.test(value) || Number(value) > largest) {
      throw new InvalidArgumentError(`${what} is a number from 0 to ${largest}.`);
    }
    return Number(value);
  };
}

function collectUrls(value: string, urls: string[] = []): string[] {
  const protocol = URL.canParse(value) ? new URL(value).protocol : "";
  if (protocol !== "http:" && protocol !== "https:") {
    throw new InvalidArgumentError("A webhook needs a URL such as http://127.0.0.1:3000/webhook.");
  }
  return [...urls, value];
}

function isLoopback(host: string): boolean {
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8);
  loopback.addAddress("::1", "ipv6");
  const family = isIP(host) === 6 ? "ipv6" : "ipv4";
  return host === "localhost" || (isIP(host) !== 0 && loopback.check(host, family));
}
