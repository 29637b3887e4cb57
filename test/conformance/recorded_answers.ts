import { Stripe } from "stripe";
import { ROUTES } from "../../sandbox/api/routes.ts";
import type { Sandbox } from "../../sandbox/mod.ts";

/** JSON as it was answered. */
export type Wire = Readonly<Record<string, unknown>>;

/** A client whose successful answers are kept, by the sandbox's route that gave them. */
export interface RecordingClient {
  readonly stripe: Stripe;
  readonly answers: ReadonlyMap<string, readonly Wire[]>;
}

/** A client of stripe-node for a sandbox, with all that it is answered. */
export function recordingClient({ host, port }: Sandbox): RecordingClient {
  const answers = new Map<string, Wire[]>();
  const keep: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const answer = (await response.clone().json()) as Wire;
    if (response.ok) {
      const { pathname } = new URL(String(input));
      const route = routeOf(init?.method ?? "GET", pathname);
      answers.set(route, [...(answers.get(route) ?? []), answer]);
    }
    return response;
  };
  const stripe = new Stripe("sk_test_objects", {
    host,
    port,
    protocol: "http" as const,
    telemetry: false,
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(keep),
  });
  return { stripe, answers };
}

/** The objects in answers; lists are opened. */
export function objectsIn(answers: readonly Wire[]): readonly Wire[] {
  return answers.flatMap((answer) =>
    Array.isArray(answer.data) && /^(list|search_result)$/.test(String(answer.object))
      ? (answer.data as Wire[])
      : [answer],
  );
}

/** The first route that takes the request, as the sandbox finds it. */
export function routeOf(method: string, path: string): string {
  const found = ROUTES.find(
    (route) =>
      route.method === method &&
      new RegExp(`^${route.path.replaceAll(/:\w+/g, "[^/]+")}$`).test(path),
  );
  return found === undefined ? `${method} ${path}` : `${found.method} ${found.path}`;
}
