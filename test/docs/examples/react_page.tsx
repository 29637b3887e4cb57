import { MailingcoreBilling } from "@mailingcore/billing/react";

interface Session {
  readonly tenantId: string;
  accessToken(options: { readonly fresh: boolean }): Promise<string | null>;
}

export function BillingSettings({ session }: { readonly session: Session }) {
  return (
    <MailingcoreBilling
      tenantId={session.tenantId}
      getToken={({ renew }) => session.accessToken({ fresh: renew })}
      headingLevel={2}
      onBillingChanged={() => document.dispatchEvent(new Event("plan-changed"))}
    />
  );
}
