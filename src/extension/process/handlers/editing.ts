import {
  CodeSample,
  combineDirections as combine,
  Conditioner,
  orthogonaliseDirections as orthogonalise,
  readDirection,
  type Direction,
} from "../../../engine/directions";
import { makeFolder, RfmError } from "../../../engine/files";
import type { Model } from "../../../engine/models";
import type {
  CombineParameters,
  ConditionParameters,
  OrthogonaliseParameters,
  WorkProgress,
  WrittenDirection,
} from "../../../protocol/directions";
import { DirectionPaths, writeDirectionAt } from "../directionOutput";
import { findModel } from "../findModel";
import type { Call } from "../serve";
import type { Workbench } from "../workbench";

/** Leaks are measured on these faces, far from the seeds that people label. */
const LEAK_SEEDS = { first: 1_000_000, count: 200 };

/** `conditionDirection`: a direction freed of others, with what leaks before and after, measured. */
export async function conditionDirection(
  workbench: Workbench,
  { path, on, method, output, models }: ConditionParameters,
  { signal, report }: Call<WorkProgress>,
): Promise<WrittenDirection> {
  const [direction, ...others] = await read([path, ...on]);
  if (direction === undefined) throw nothingChosen();
  const model = await modelOf(workbench, direction, models);
  const seeds = Array.from({ length: LEAK_SEEDS.count }, (_, index) => LEAK_SEEDS.first + index);
  const conditioner = new Conditioner(model, await workbench.scorer(model), {
    seeds,
    signal,
    onProgress: report,
  });
  try {
    const run = await workbench.runBlock();
    return await writeDirectionAt(output, await conditioner.condition(direction, others, method, run));
  } finally {
    await conditioner.dispose();
  }
}

/** `combineDirections`: the weighted sum of directions; with one part of weight -1 its opposite. */
export async function combineDirections(
  workbench: Workbench,
  { parts, name, output, models }: CombineParameters,
): Promise<WrittenDirection> {
  const directions = await read(parts.map(({ path }) => path));
  const [first] = directions;
  if (first === undefined) throw nothingChosen();
  const model = await modelOf(workbench, first, models);
  const weighted = directions.map((direction, index) => ({ direction, weight: parts[index]?.weight ?? 1 }));
  const document = combine(weighted, model, { name, run: await workbench.runBlock() });
  return writeDirectionAt(output, document);
}

/** `orthogonaliseDirections`: new directions that are at right angles to each other. */
export async function orthogonaliseDirections(
  workbench: Workbench,
  { paths, method, output, models }: OrthogonaliseParameters,
  { signal }: Call<never>,
): Promise<readonly WrittenDirection[]> {
  const directions = await read(paths);
  const [first] = directions;
  if (first === undefined) throw nothingChosen();
  const model = await modelOf(workbench, first, models);
  const sample = await CodeSample.draw(model, signal);
  const documents = orthogonalise(directions, model, method === "alike" ? "alike" : "given", {
    run: await workbench.runBlock(),
    sigmaAlong: (vector) => sample.sigmaAlong(vector),
  });
  await makeFolder(output);
  const places = new DirectionPaths(output, false);
  const written: WrittenDirection[] = [];
  for (const document of documents) {
    written.push(await writeDirectionAt(await places.next(document.attribute), document));
  }
  return written;
}

async function read(paths: readonly string[]): Promise<Direction[]> {
  return Promise.all(paths.map((path) => readDirection(path)));
}

async function modelOf(
  workbench: Workbench,
  { path, document }: Direction,
  models: readonly string[],
): Promise<Model> {
  const remedy = "fit the attribute anew on this one";
  return findModel(workbench, document.model, path, models, { kind: "direction", remedy });
}

function nothingChosen(): RfmError {
  return new RfmError("usage", "No direction was chosen; choose at least one.");
}
