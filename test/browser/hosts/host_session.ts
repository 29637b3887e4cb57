/** What a test puts into the page of a host. */
interface HostWindow {
  readonly tenantId: string;
  readonly token: string;
  /** Whether each token that was asked for was to be fresh. */
  readonly asked: boolean[];
  /** Renders again, with other callbacks. */
  rerender: () => void;
}

/** The page of a host, as the test has prepared it. */
export const host = window as unknown as HostWindow;

/** A session of the host's; another object each time. */
export function session() {
  return {
    tenantId: host.tenantId,
    accessToken: async ({ fresh }: { readonly fresh: boolean }) => {
      host.asked.push(fresh);
      return host.token;
    },
  };
}

/** Where the host shows its settings. */
export function place(): Element {
  const found = document.querySelector("main");
  if (found === null) {
    throw new Error("The page has no main part");
  }
  return found;
}
