import { expect } from "chai";
import { PortError } from "../../../src/application/ports/port_error.ts";

/** The `PortError` that a call fails with; a call that does not fail so fails the test. */
export async function rejectionOf(call: Promise<unknown>): Promise<PortError> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const error = "error" in outcome ? outcome.error : undefined;
  expect(error, "the rejection").to.be.instanceOf(PortError);
  return error as PortError;
}
