import {
  type CSSProperties,
  createElement,
  type ReactElement,
  type ReactNode,
  useLayoutEffect,
  useRef,
} from "react";

/** What the Billing page takes in React 19. */
export interface MailingcoreBillingProps {
  readonly tenantId: string;
  /**
   * Answers an access token of the signed-in user, or `null` if nobody is signed in; called again
   * with `renew` after a token was refused. `null` in its place: nobody is signed in. `undefined`:
   * not known yet, so the page is loading. Another function at each rendering restarts nothing.
   */
  readonly getToken:
    | ((request: { readonly renew: boolean }) => Promise<string | null> | string | null)
    | null
    | undefined;
  /** The service's address. Default: where the element's module was loaded from. */
  readonly baseUrl?: string;
  /** Where Checkout and Portal return to. Default: the page's address. */
  readonly returnUrl?: string;
  /** Default: the page's language, else the browser's. */
  readonly locale?: "en" | "es";
  /** Default: the system's. */
  readonly theme?: "light" | "dark";
  /** The level of its first heading. Default: 1. */
  readonly headingLevel?: 1 | 2 | 3 | 4 | 5;
  readonly className?: string;
  readonly style?: CSSProperties;
  /** Takes the place of its sign-in button. */
  readonly signedOut?: ReactNode;
  /** Called when a user wants to sign in. */
  readonly onSignin?: () => void;
  /** Called before the page leaves for Stripe; `event.preventDefault()` keeps it. */
  readonly onNavigate?: (event: CustomEvent<{ readonly url: string }>) => void;
  /** Called when a payment has arrived. */
  readonly onBillingChanged?: () => void;
}

type Live = Pick<
  MailingcoreBillingProps,
  "getToken" | "onSignin" | "onNavigate" | "onBillingChanged"
>;

/**
 * The Billing page, `<mailingcore-billing>`, as a component. The page that shows it loads the
 * element's module from the service; whichever of the two comes first does not matter.
 */
export function MailingcoreBilling(props: MailingcoreBillingProps): ReactElement {
  const { tenantId, baseUrl, returnUrl, locale, theme, headingLevel, className, style } = props;
  const element = useRef<EventTarget>(null);
  const live = useRef<Live>(props);
  const knows = props.getToken === undefined ? "nothing" : props.getToken && "somebody";
  useLayoutEffect(() => {
    live.current = props;
  });
  useLayoutEffect(() => (element.current ? listen(element.current, live) : undefined), []);
  useLayoutEffect(() => {
    if (element.current !== null && knows !== "nothing") {
      const getToken = async (request: { readonly renew: boolean }) =>
        (await live.current.getToken?.(request)) ?? null;
      Reflect.set(element.current, "getToken", knows === null ? null : getToken);
    }
  }, [knows]);
  const attributes = {
    ref: element,
    "tenant-id": tenantId,
    "base-url": baseUrl,
    "return-url": returnUrl,
    locale,
    theme,
    "heading-level": headingLevel,
    className,
    style,
  };
  const signedOut =
    props.signedOut && createElement("div", { slot: "signed-out" }, props.signedOut);
  return createElement("mailingcore-billing", attributes, signedOut);
}

/** Calls what the latest rendering gave; answers what ends that. */
function listen(element: EventTarget, live: { readonly current: Live }): () => void {
  const end = new AbortController();
  const { signal } = end;
  element.addEventListener("mailingcore-signin", () => live.current.onSignin?.(), { signal });
  element.addEventListener(
    "mailingcore-navigate",
    (event) => live.current.onNavigate?.(event as CustomEvent<{ readonly url: string }>),
    { signal },
  );
  element.addEventListener("mailingcore-billing-changed", () => live.current.onBillingChanged?.(), {
    signal,
  });
  return () => end.abort();
}
