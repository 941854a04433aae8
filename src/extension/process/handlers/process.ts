import { version } from "../../../../package.json";
import { libraryVersion } from "../../../engine/runtime";
import type { EngineSettings, EngineStatus } from "../../../protocol/engine";
import type { Workbench } from "../workbench";

/** `hello`: takes the settings, opens the runtime and tells what runs. */
export async function hello(workbench: Workbench, settings: EngineSettings): Promise<EngineStatus> {
  workbench.configure(settings);
  const { provider, attempts, threads } = await workbench.runtime();
  return {
    version,
    provider,
    attempts,
    threads,
    node: process.version,
    onnxruntime: await libraryVersion(),
  };
}
