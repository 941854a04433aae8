import type { Value } from "../value";
import { single } from "./elementwise";

/** Options of {@link gemm}. */
export interface GemmOptions {
  readonly c?: Value;
  readonly alpha?: number;
  readonly beta?: number;
  readonly transA?: boolean;
  readonly transB?: boolean;
}

/** alpha * A' B' + beta * C for matrices, A' and B' transposed where asked; C broadcasts. */
export function gemm(a: Value, b: Value, options: GemmOptions = {}): Value {
  return single(
    a.owner.apply("Gemm", [a, b, options.c], {
      alpha: options.alpha ?? 1,
      beta: options.beta ?? 1,
      transA: options.transA === true ? 1 : 0,
      transB: options.transB === true ? 1 : 0,
    }),
  );
}

/** Matrix product of the last two axes; leading axes broadcast. */
export function matmul(a: Value, b: Value): Value {
  return single(a.owner.apply("MatMul", [a, b]));
}
