import { join } from "node:path";

/** Where `npm run build` puts the model packs: beside the bundle that this code is part of. */
export function modelsRoot(): string {
  return join(__dirname, "models");
}
