import type { Commands } from "../../adapters/cli/commands.ts";
import type { EmbeddedBilling } from "../create_billing.ts";
import { runningCause } from "../running_cause.ts";
import type { Settings } from "../settings.ts";

/**
 * What the commands do, apart from running the service. What a command does not need is not loaded.
 *
 * @param readSettings called by each command that needs them
 * @param operator the operating system's name for the user who runs the command
 */
export function operatorCommands(
  readSettings: () => Settings,
  operator: string,
): Omit<Commands, "serve"> {
  const storeOperations = () => import("../store_operations.ts");
  return {
    operator,
    withBilling: async <T>(work: (billing: EmbeddedBilling) => Promise<T>) => {
      const { connectOperator } = await import("../operator.ts");
      const { billing } = await connectOperator(readSettings());
      try {
        return await runningCause.run({ type: "operator", name: operator }, () => work(billing));
      } finally {
        await billing.close();
      }
    },
    syncPlans: async (options) =>
      (await import("../plan_operations.ts")).operatePlans(readSettings(), options),
    doctor: async () => (await import("../doctor.ts")).operateDoctor(readSettings()),
    indexes: async (action) => (await storeOperations()).operateIndexes(readSettings(), action),
    migrate: async (databases, onProgress) =>
      (await storeOperations()).migrateStore(readSettings(), { ...databases, onProgress }),
  };
}
