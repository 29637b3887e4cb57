/** What a developer needs to try a subscription. */
export interface Welcome {
  readonly url: string;
  /** `null` if the service uses Stripe itself. */
  readonly sandboxUrl: string | null;
  readonly tenantId: string;
  /** A token of an owner of that tenant. */
  readonly token: string;
  /** Link that opens the Billing page signed in; `null` if another dashboard signs people in. */
  readonly signInUrl: string | null;
  readonly returnUrl: string;
}

/** The welcome as text; its commands can be pasted into a shell. */
export function formatWelcome(welcome: Welcome): string {
  const { url, sandboxUrl, tenantId, token, signInUrl, returnUrl } = welcome;
  const body = JSON.stringify({ planSlug: "pro", successUrl: returnUrl, cancelUrl: returnUrl });
  const authorized = '-H "Authorization: Bearer $TOKEN"';
  const ofTenant = `${authorized} -H "X-Tenant-Id: $TENANT"`;
  const json = '-H "Content-Type: application/json"';
  const checkout = `curl -s ${url}/billing/checkout ${ofTenant} ${json} -d '${body}'`;
  const choice =
    sandboxUrl === null
      ? `# 2. Choose a plan, then open the url of the answer and pay with 4242 4242 4242 4242
  ${checkout}`
      : `# 2. Choose a plan, and pay at the url of the answer
  PAY=$(${checkout} | grep -o 'http[^"]*')
  curl -s $PAY -d card=4242424242424242 -d expiry=12/40 -d cvc=123 -d name=Me -d email=me@example.com`;
  return `
MailingCore billing is running.
${signInUrl === null ? "" : `\nOpen the Billing page, signed in:\n\n  ${signInUrl}\n`}
  Service   ${url}
  Stripe    ${sandboxUrl === null ? "the test mode of your account" : `${sandboxUrl} (sandbox)`}
  Tenant    ${tenantId}
  Token     ${token}

${sandboxUrl === null ? "The same by the API:" : "The same without a browser:"}

  export TOKEN=${token} TENANT=${tenantId}

  # 1. What can be bought
  curl -s ${url}/billing/plans ${authorized}

  ${choice}

  # 3. The subscription that Stripe's webhooks have made active
  curl -s ${url}/billing/subscription ${ofTenant}

  # 4. Where to change the card or cancel
  curl -s -X POST ${url}/billing/portal ${ofTenant}
${sandboxUrl === null ? "" : `\nMove time, look at webhooks: ${sandboxUrl}\n`}
Stop with Ctrl+C.
`;
}
