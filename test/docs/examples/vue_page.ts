import { h } from "vue";

interface Session {
  readonly tenantId: string;
  accessToken(options: { readonly fresh: boolean }): Promise<string | null>;
}

export function BillingSettings({ session }: { readonly session: Session }) {
  return h("mailingcore-billing", {
    "tenant-id": session.tenantId,
    "heading-level": 2,
    ".getToken": ({ renew }: { renew: boolean }) => session.accessToken({ fresh: renew }),
  });
}
