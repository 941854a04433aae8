import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readRecipe, writeRecipe } from "../../../src/engine/directions";
import { exampleEdit, exampleLatent } from "../../support/documents";
import { temporaryFolder } from "../../support/folder";

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
const { model, run } = exampleLatent();
const named = (path: string): ReturnType<typeof exampleEdit> => {
  const edit = exampleEdit();
  return { ...edit, direction: { ...edit.direction, path } };
};
const EDITS = [named("../directions/smile.direction.json"), named("demo/directions/age.direction.json")];
const options = { model, from: at("latents", "a.latent.json"), run };

beforeAll(async () => {
  for (const name of ["latents", "directions", join("recipes", "old")]) {
    await mkdir(at(name), { recursive: true });
  }
  await writeFile(at("directions", "smile.direction.json"), "{}");
});

it("tells from its own folder where directions lie, and keeps the names of those that are no files", async () => {
  const path = at("recipes", "old", "smile.recipe.json");
  await writeRecipe(path, EDITS, options);
  const edits = await readRecipe(path, model);
  expect(edits).toEqual([
    named("../../directions/smile.direction.json"),
    named("demo/directions/age.direction.json"),
  ]);
  expect(await readRecipe(path, model, options.from)).toEqual(EDITS);
});

it("is bound to its model, and to nothing else of the latent", async () => {
  const path = at("bound.recipe.json");
  await writeRecipe(path, EDITS, options);
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ kind: "recipe", model, run });
  const other = { name: "other", sha256: "f".repeat(64) };
  await expect(readRecipe(path, other)).rejects.toThrow(
    `${path} is a recipe for the model ${model.name}, not for other; use it with its own model.`,
  );
});
