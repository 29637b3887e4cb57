import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { type Ending, type Observe, type WatchRequest, whenEnded } from "../../kit/observe.ts";

const NAME = "mailingcore-billing";
const EVENT_ID = /^evt_\w{1,250}$/;

/** Traces of requests, and of what they and events cause. */
export interface Tracing {
  readonly observe: Observe;
  readonly watchRequest: WatchRequest;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/**
 * Sends traces to a collector (OTLP over HTTP): a span per request, use case, call of the store and
 * call of Stripe. They hold names and outcomes, no values but the ids of Stripe's events.
 *
 * @param endpoint the collector's address, to which `/v1/traces` is added
 */
export function startTracing(endpoint: string): Tracing {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": NAME }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer(NAME);
  return {
    observe: ({ layer, name, args }, work) =>
      tracer.startActiveSpan(`${layer} ${name}`, (span) => {
        const eventId = eventIdIn(args);
        if (eventId !== null) {
          span.setAttribute("stripe.event.id", eventId);
        }
        return endWith(span, work);
      }),
    watchRequest(request, next) {
      const outside = propagation.extract(ROOT_CONTEXT, request.headers);
      const span = tracer.startSpan("request", { kind: SpanKind.SERVER }, outside);
      context.with(trace.setSpan(outside, span), next);
      return ({ method, route, statusCode }) => {
        span.updateName(`${method} ${route}`);
        span.setAttributes({
          "http.request.method": method,
          "http.route": route,
          "http.response.status_code": statusCode,
        });
        if (statusCode >= 500) {
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      };
    },
    async stop() {
      await provider.shutdown();
    },
  };
}

function endWith<T>(span: Span, work: () => T): T {
  const end = (ending: Ending) => {
    if (ending.type === "failed") {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    const { type }: { type?: unknown } = Object(ending.type === "failed" ? {} : ending.value);
    if (typeof type === "string") {
      span.setAttribute("billing.outcome", type);
    }
    span.end();
  };
  return whenEnded(work(), end);
}

/** What an event causes can be found by it. */
function eventIdIn([first]: readonly unknown[]): string | null {
  const { eventId, id = eventId }: { eventId?: unknown; id?: unknown } = Object(first);
  const found = [first, id].find((one) => typeof one === "string" && EVENT_ID.test(one));
  return typeof found === "string" ? found : null;
}
