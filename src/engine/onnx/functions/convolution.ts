import type { Value } from "../value";
import { single } from "./elementwise";

/** Options of {@link conv}; pads are [top, left, bottom, right]. */
export interface ConvOptions {
  readonly bias?: Value;
  readonly strides?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly dilations?: readonly [number, number];
  readonly group?: number;
}

/** Options of {@link convTranspose}. */
export interface ConvTransposeOptions extends ConvOptions {
  readonly outputPadding?: readonly [number, number];
}

/** 2D convolution (correlation): x [n,c,h,w], weight [m,c/group,kh,kw]. */
export function conv(x: Value, weight: Value, options: ConvOptions = {}): Value {
  return single(x.owner.apply("Conv", [x, weight, options.bias], attributesOf(options)));
}

/** Transposed 2D convolution: x [n,c,h,w], weight [c,m/group,kh,kw]. */
export function convTranspose(x: Value, weight: Value, options: ConvTransposeOptions = {}): Value {
  const attributes = { ...attributesOf(options), output_padding: options.outputPadding ?? [0, 0] };
  return single(x.owner.apply("ConvTranspose", [x, weight, options.bias], attributes));
}

function attributesOf(options: ConvOptions): Record<string, number | readonly number[]> {
  return {
    strides: options.strides ?? [1, 1],
    pads: options.pads ?? [0, 0, 0, 0],
    dilations: options.dilations ?? [1, 1],
    group: options.group ?? 1,
  };
}
