import type { Sandbox } from "./sandbox.ts";

/** What {@linkcode formatWelcome} says beside the address. */
export interface WelcomeFacts {
  endpoints: readonly { url: string; secret: string; secretIsKnown: boolean }[];
  statePath: string | undefined;
}

const KEY = "sk_test_sandbox";

/** What to do next with a sandbox that has just started. A secret that its owner set is not shown. */
export function formatWelcome({ url, port }: Sandbox, facts: WelcomeFacts): string {
  const host = new URL(url).hostname;
  const webhooks = facts.endpoints.flatMap(({ url: to, secret, secretIsKnown }) => [
    ["Webhooks", to],
    ["  secret", secretIsKnown ? "as in SANDBOX_WEBHOOK_SECRET" : secret],
  ]);
  const rows = [
    ["Start page", `${url}/`],
    ["API key", `${KEY} (any sk_test_... works)`],
    ...(webhooks.length > 0 ? webhooks : [["Webhooks", "none; --webhook URL sends events there"]]),
    ["State", facts.statePath ?? "in memory only; --state FILE keeps it"],
  ];
  return `Sandbox listens on ${url} (no real money moves)

${rows.map(([name = "", value]) => `  ${name.padEnd(12)}${value}`).join("\n")}

Point a Stripe client at it:

  new Stripe("${KEY}", { protocol: "http", host: "${host}", port: ${port} })

Try it:

  curl ${url}/v1/customers -u ${KEY}: -d email=jenny@example.com
`;
}
