import { expect } from "chai";
import { outlives } from "../rig/outlives.ts";

describe("Killable", () => {
  it("the service ends with the process that started it, however that ends", async () => {
    const script = `
      const { Killable } = await import(${JSON.stringify(new URL("killable.ts", import.meta.url))});
      console.log(new Killable("sqlite").pid);
      setInterval(() => undefined, 1_000);
    `;
    expect(await outlives(script)).to.equal(false);
  });
});
