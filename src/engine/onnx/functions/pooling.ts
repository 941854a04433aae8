import type { Value } from "../value";
import { single } from "./elementwise";

/** Options of the pools; strides default to the kernel, pads are [top, left, bottom, right]. */
export interface PoolOptions {
  readonly kernel: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly ceil?: boolean;
}

/** Mean of each window; padding counts where includePad says so. */
export function averagePool(x: Value, options: PoolOptions & { readonly includePad?: boolean }): Value {
  const attributes = { ...attributesOf(options), count_include_pad: options.includePad === true ? 1 : 0 };
  return single(x.owner.apply("AveragePool", [x], attributes));
}

/** Largest of each window. */
export function maxPool(x: Value, options: PoolOptions): Value {
  return single(x.owner.apply("MaxPool", [x], attributesOf(options)));
}

/** Mean of each channel: [n,c,h,w] -> [n,c,1,1]. */
export function globalAveragePool(x: Value): Value {
  return single(x.owner.apply("GlobalAveragePool", [x]));
}

function attributesOf(options: PoolOptions): Record<string, number | readonly number[]> {
  return {
    kernel_shape: options.kernel,
    strides: options.strides ?? options.kernel,
    pads: options.pads ?? [0, 0, 0, 0],
    ceil_mode: options.ceil === true ? 1 : 0,
  };
}
