import { type ServiceOptions, startTestService, type TestService } from "../rig/service_rig.ts";
import { type Spoil, startSpoiler } from "./spoiler.ts";
import type { Row } from "./table.ts";

/** Attacks a service of its own, through a spoiler where one is given. */
export async function attackService(
  spoil: Spoil | null,
  attack: (url: string, service: TestService) => Promise<readonly Row[]>,
  options: ServiceOptions = {},
): Promise<readonly Row[]> {
  const service = await startTestService(options);
  const spoiler = spoil && (await startSpoiler(service.url, spoil));
  try {
    return await attack(spoiler?.url ?? service.url, service);
  } finally {
    await spoiler?.close();
    await service.close();
  }
}
