import { RfmError, throwIfCancelled } from "../../files";
import type { Curvature } from "./curvature";
import type { BoundaryFit } from "./target";
import type { Task } from "./task";

export interface SolveOptions {
  /** Relative duality gap to stop at. */
  readonly tolerance: number;
  readonly maximumIterations: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of tasks that are done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Brings all tasks to their optima, in step with each other, so that one product with the codes serves all of them. Gaps
 * are certified on scores that are computed afresh from the codes, in float64.
 */
export async function solve(
  tasks: readonly Task[],
  curvature: Curvature,
  options: SolveOptions,
): Promise<(BoundaryFit | RfmError)[]> {
  const { products } = curvature;
  const { tolerance, maximumIterations, signal, onProgress } = options;
  const scratch = new Float64Array(products.n);
  const results = new Map<Task, BoundaryFit | RfmError>();
  const give = (task: Task, result: BoundaryFit | RfmError): void => {
    results.set(task, result);
    onProgress?.(results.size);
  };
  const open = (): Task[] => tasks.filter((task) => !results.has(task));

  await locate(tasks, curvature);
  for (;;) {
    const reached = open().filter((task) => task.gap <= tolerance);
    await locate(reached, curvature);
    for (const task of reached) if (task.gap <= tolerance) give(task, fitOf(task));
    for (const task of open()) {
      if (task.iterations >= maximumIterations || !Number.isFinite(task.gap)) give(task, notReached(task));
    }
    throwIfCancelled(signal);
    const active = open();
    if (active.length === 0) break;
    await adapt(active, curvature);
    const steps = new Map<Task, Float64Array>();
    for (const task of active) {
      steps.set(task, await task.step(curvature));
      throwIfCancelled(signal);
    }
    await products.scores(
      [...steps.values()],
      active.map(({ descent }) => descent.change),
    );
    for (const [task, step] of steps) {
      if (task.move(step, scratch)) continue;
      steps.delete(task);
      give(task, notReached(task));
    }
    const moved = [...steps.keys()];
    const gradients = await products.gradients(moved.map(({ descent }) => descent.slopes));
    moved.forEach((task, index) => {
      const gradient = gradients[index];
      const step = steps.get(task);
      if (gradient !== undefined && step !== undefined) task.arrive(step, gradient);
    });
  }
  return tasks.map((task) => results.get(task) ?? notReached(task));
}

/** Scores, intercepts and gradients from nothing but the codes and the coefficients. */
async function locate(tasks: readonly Task[], { products }: Curvature): Promise<void> {
  if (tasks.length === 0) return;
  const descents = tasks.map(({ descent }) => descent);
  await products.scores(
    descents.map(({ weights }) => weights),
    descents.map(({ scores }) => scores),
  );
  for (const descent of descents) descent.settle();
  await differentiate(tasks, { products });
}

async function differentiate(
  tasks: readonly Task[],
  { products }: Pick<Curvature, "products">,
): Promise<void> {
  const gradients = await products.gradients(tasks.map(({ descent }) => descent.slopes));
  tasks.forEach(({ descent }, index) => {
    descent.gradient = gradients[index] ?? descent.gradient;
  });
}

async function adapt(tasks: readonly Task[], { products }: Curvature): Promise<void> {
  const changed = tasks.filter((task) => task.adapt());
  for (const { descent } of changed) descent.settle();
  if (changed.length > 0) await differentiate(changed, { products });
}

function fitOf({ descent, objective, gap, iterations }: Task): BoundaryFit {
  return {
    weights: descent.weights,
    intercept: descent.intercept,
    objective,
    gap: Math.max(gap, 0),
    iterations,
  };
}

function notReached({ gap }: Task): RfmError {
  return new RfmError(
    "usage",
    `The fit stopped at a relative duality gap of ${gap.toExponential(1)}; lower C or look for columns of very different size.`,
  );
}
