import type { BillingPorts } from "../ports/billing_ports.ts";
import { CheckReadiness } from "./check_readiness.ts";
import { MeasureClock } from "./measure_clock.ts";

/** What looks after the installation while the service runs. */
export function installationUseCases(ports: BillingPorts) {
  return { checkReadiness: new CheckReadiness(ports), measureClock: new MeasureClock(ports) };
}
