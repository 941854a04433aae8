import { join } from "node:path";
import { openFaceNets, type FaceNets } from "../../src/engine/faces";
import { Inverter } from "../../src/engine/inversion";
import { openModel, openPack, type Model } from "../../src/engine/models";
import { openRuntime } from "../../src/engine/runtime";

/** What comes with the extension, as it was built beside this bundle. */
export interface Embedded {
  readonly model: Model;
  readonly nets: FaceNets;
  /** By the fast method. */
  readonly inverter: Inverter;
}

/** Evaluates the embedded model; a failure is told and makes the process fail. */
export function evaluate(work: (embedded: Embedded) => Promise<void>): void {
  withEmbedded(work).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}

async function withEmbedded(work: (embedded: Embedded) => Promise<void>): Promise<void> {
  const runtime = await openRuntime("cpu");
  try {
    const models = join(__dirname, "models");
    const model = await openModel(await openPack(join(models, "demo")), runtime);
    const nets = await openFaceNets(join(models, "faces"), runtime);
    await work({ model, nets, inverter: new Inverter(model, nets) });
  } finally {
    // And with it every session.
    await runtime.dispose();
  }
}
