import { numberAttribute } from "../attributes";
import * as f from "../functions";
import { elementCount, sizeAt } from "../shapes";
import type { Value } from "../value";
import { onlyGradient, required, type Operator } from "./operator";

/** A [c] vector beside [n,c,h,w]. */
function perChannel(vector: Value): Value {
  return f.reshape(vector, [1, sizeAt(vector.shape, 0), 1, 1]);
}

export const normalization = {
  InstanceNormalization: {
    infer: ({ node, inputs }) => [required(node, inputs, 0)],
    // y = s * h + b with h the normalised x: dx = s/sigma * (dy - mean(dy) - h * mean(dy*h)). Written so that no value of
    // the size of x is needed but x itself: h would be kept from the forward pass, as large again. Where the mean is large
    // beside sigma this loses no more figures than x, which is rounded, has lost already.
    gradient: (backward) => {
      const { node, inputs } = backward;
      const x = required(node, inputs, 0);
      const scale = required(node, inputs, 1);
      const dy = onlyGradient(backward);
      const space = x.shape.map((_, axis) => axis).slice(2);
      const count = elementCount(x.shape.slice(2));
      const mean = f.reduceMean(x, space);
      const variance = f.reduceMean(f.square(f.sub(x, mean)), space);
      const inverse = f.rsqrt(f.add(variance, numberAttribute(node, "epsilon", 1e-5)));
      const sum = f.reduceSum(dy, space);
      const centred = f.sub(dy, f.mul(sum, 1 / count));
      const moment = f.mul(f.reduceSum(f.mul(centred, x), space), inverse);
      const share = f.mul(f.mul(moment, inverse), 1 / count);
      const inner = f.add(f.sub(centred, f.mul(x, share)), f.mul(mean, share));
      const rest = [0, ...space];
      return [
        backward.needs(0) ? f.mul(f.mul(inverse, perChannel(scale)), inner) : undefined,
        backward.needs(1) ? f.reduceSum(moment, rest, false) : undefined,
        backward.needs(2) ? f.reduceSum(sum, rest, false) : undefined,
      ];
    },
  },
  BatchNormalization: {
    infer: ({ node, inputs }) => [required(node, inputs, 0)],
    // With its statistics fixed it is an affine map of every channel.
    gradient: (backward) => {
      const { node, inputs } = backward;
      const [x, scale, , mean, variance] = [0, 1, 2, 3, 4].map((index) => required(node, inputs, index)) as [
        Value,
        Value,
        Value,
        Value,
        Value,
      ];
      const dy = onlyGradient(backward);
      const inverse = perChannel(f.rsqrt(f.add(variance, numberAttribute(node, "epsilon", 1e-5))));
      return [
        backward.needs(0) ? f.mul(dy, f.mul(inverse, perChannel(scale))) : undefined,
        backward.needs(1)
          ? f.reduceSum(f.mul(dy, f.mul(f.sub(x, perChannel(mean)), inverse)), [0, 2, 3], false)
          : undefined,
        backward.needs(2) ? f.reduceSum(dy, [0, 2, 3], false) : undefined,
      ];
    },
  },
} satisfies Record<string, Operator>;
