import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { RfmError, sha256OfFile } from "../engine/files";
import { buildFaceNetPack, buildPack, modelsRoot } from "../engine/models";

/**
 * Builds the packs that come with the program under dist/models, from models/ and the weights in the
 * package @vladmandic/face-api. Packs that are up to date stay as they are.
 */
async function main(): Promise<void> {
  const repository = resolve(__dirname, "..");
  const weights = join(repository, "node_modules", "@vladmandic", "face-api", "model");
  await access(weights).catch((cause: unknown) => {
    throw new RfmError("file", `${weights} does not exist; run \`npm ci\` first.`, { cause });
  });
  const built = [
    await buildPack(
      join(repository, "models", "demo"),
      join(modelsRoot(), "demo"),
      await sha256OfFile(__filename),
    ),
    await buildFaceNetPack(weights, join(modelsRoot(), "faces")),
  ];
  for (const pack of built) console.log(`${pack.folder}: ${pack.built ? "built" : "up to date"}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof RfmError ? `build-models: ${error.message}` : error);
  process.exitCode = 1;
});
