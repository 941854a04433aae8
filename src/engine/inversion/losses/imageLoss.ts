import { RfmError } from "../../files";
import { add, mul, reshape, sub, type Graph, type Value } from "../../onnx";
import type { LossCoefficients } from "./coefficients";
import { cut, shrunk, viewOf, VIEWS, type ViewName } from "./crops";
import { cosineDistance, meanSquaredError, softmaxDivergence } from "./distances";
import { viewInput } from "./recognitionFeatures";
import type { SharedNetworks } from "./sharedNetworks";
import { structuralSimilarity } from "./structure";

/** How pictures are compared perceptually, at each view's {@link shrunkSize}. */
export interface PerceptualGraphs {
  /** A graph for each view: a, b [1,3,h,w] -> `distance` [1]. */
  readonly each?: Readonly<Partial<Record<ViewName, Graph>>>;
  /** One graph for all views, as {@link recognitionDistances} gives it. */
  readonly together?: Graph;
}

/** A loss as scalars: its weighted sum, and its unweighted parts by name. */
export interface Loss {
  readonly total: Value;
  readonly parts: Readonly<Record<string, Value>>;
}

/**
 * RFM's image loss: of the whole picture, plus 0.375 times that of its middle columns, plus 0.625 times that of its
 * middle; each 5 MSE + KL(softmax) + 3 (1 - cosine) + 2 LPIPS + (1 - SSIM). SSIM and LPIPS see pictures that are
 * averaged down to at most 256 pixels.
 *
 * @param target the truth [1,3,h,w] in [-1,1].
 * @param x [1,3,h,w], not clipped.
 * @returns parts `mse`, `kl`, `cosine`, `perceptual` and `ssim` (as 1 - SSIM) of the whole picture, and the sums `at1`
 * and `at2` of the two middles.
 */
export function imageLoss(
  target: Value,
  x: Value,
  coefficients: LossCoefficients,
  networks: SharedNetworks,
  perceptual: PerceptualGraphs,
): Loss {
  const size = [x.shape[2] ?? 0, x.shape[3] ?? 0] as const;
  const weights = { whole: 1, at1: coefficients.at1, at2: coefficients.at2 };
  const views = VIEWS.filter((name) => weights[name] > 0).map((name) => {
    const view = viewOf(name, size);
    return { name, pair: pairOf(cut(target, view), cut(x, view)) };
  });
  const distances = perceptualDistances(views, networks, perceptual);
  const losses = views.map(({ name, pair }) => ({
    name,
    ...viewLoss(pair, coefficients, distances.get(name)),
  }));
  const whole = losses.find(({ name }) => name === "whole")?.parts ?? {};
  const middles = losses
    .filter(({ name }) => name !== "whole")
    .map(({ name, total }) => [name, total] as const);
  return {
    total: sum(losses.map(({ name, total }) => weighted(total, weights[name]))),
    parts: { ...whole, ...Object.fromEntries(middles) },
  };
}

/** A view of both pictures, whole and averaged down. */
interface Pair {
  readonly target: Value;
  readonly x: Value;
  readonly smallTarget: Value;
  readonly small: Value;
}

function pairOf(target: Value, x: Value): Pair {
  return { target, x, smallTarget: shrunk(target), small: shrunk(x) };
}

function perceptualDistances(
  views: readonly { readonly name: ViewName; readonly pair: Pair }[],
  networks: SharedNetworks,
  { each = {}, together }: PerceptualGraphs,
): ReadonlyMap<ViewName, () => Value> {
  const asked = together && {
    graph: together,
    // Only where the part counts is the net built in.
    found: once(() =>
      networks.inline(
        together,
        Object.fromEntries(
          views.flatMap(({ name, pair: { smallTarget, small } }) => [
            [viewInput("a", name), smallTarget],
            [viewInput("b", name), small],
          ]),
        ),
      ),
    ),
  };
  return new Map(
    views.flatMap(({ name, pair: { smallTarget, small } }) => {
      if (asked !== undefined)
        return [[name, () => scalar(asked.found()[`distance ${name}`], asked.graph)] as const];
      const graph = each[name];
      if (graph === undefined) return [];
      const found = (): Value =>
        scalar(networks.inline(graph, { a: smallTarget, b: small })["distance"], graph);
      return [[name, found] as const];
    }),
  );
}

function scalar(distance: Value | undefined, { name }: Graph): Value {
  if (distance === undefined)
    throw new RfmError("model", `${name} gives no distance; import the perceptual pack again.`);
  return reshape(distance, []);
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => (made ??= { result: make() }).result;
}

function viewLoss(
  { target, x, smallTarget, small }: Pair,
  coefficients: LossCoefficients,
  perceptual: (() => Value) | undefined,
): Loss {
  return weightedLoss(coefficients, {
    mse: () => meanSquaredError(target, x),
    kl: () => softmaxDivergence(target, x),
    cosine: () => cosineDistance(target, x),
    ...(perceptual && { perceptual }),
    ssim: () => sub(1, structuralSimilarity(smallTarget, small, coefficients.ssimRange)),
  });
}

/** Builds the parts that count and adds them up. @throws RfmError("usage") where none does. */
export function weightedLoss(
  coefficients: LossCoefficients,
  make: Readonly<Partial<Record<"mse" | "kl" | "cosine" | "perceptual" | "ssim", () => Value>>>,
): Loss {
  const names = (["mse", "kl", "cosine", "perceptual", "ssim"] as const).filter(
    (name) => coefficients[name] > 0,
  );
  const parts: Record<string, Value> = {};
  const terms: Value[] = [];
  for (const name of names) {
    const part = make[name]?.();
    if (part === undefined) continue;
    parts[name] = part;
    terms.push(weighted(part, coefficients[name]));
  }
  return { total: sum(terms), parts };
}

function weighted(value: Value, coefficient: number): Value {
  return coefficient === 1 ? value : mul(value, coefficient);
}

function sum([first, ...rest]: readonly Value[]): Value {
  if (first === undefined) {
    throw new RfmError("usage", "Every coefficient of the loss is 0; leave at least one of them above 0.");
  }
  return rest.reduce(add, first);
}
