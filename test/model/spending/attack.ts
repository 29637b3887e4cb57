import type { Template } from "../world.ts";
import { moneyIn } from "./books.ts";
import { Scene } from "./scene.ts";

/** What a tenant has paid, in minor units, and used under paid plans; its plan in the end. */
export interface Figures {
  readonly paid: number;
  readonly tokens: number;
  readonly emails: number;
  readonly plan: string;
}

/** A history with what it comes to. */
export interface Attack {
  readonly name: string;
  readonly figures: Figures;
  readonly play: (template: Template) => Promise<Figures>;
}

type Script = (scene: Scene) => Promise<void>;

/** A history with its figures: paid, tokens, e-mails, plan. */
export function attack(
  name: string,
  [paid, tokens, emails, plan]: [number, number, number, string],
  script: Script,
  start?: string,
): Attack {
  return {
    name,
    figures: { paid, tokens, emails, plan },
    play: (template) =>
      Scene.play(
        template,
        async (scene) => {
          await scene.tenant.look();
          await script(scene);
          const { used, plan: inForce } = scene.tenant;
          return { paid: moneyIn(scene.tenant.books()), ...used, plan: inForce };
        },
        start,
      ),
  };
}

/** The same where the account ends dunning so. */
export function withDunning(settings: Parameters<Scene["dunning"]>, script: Script): Script {
  return async (scene) => {
    scene.dunning(...settings);
    await script(scene);
  };
}
