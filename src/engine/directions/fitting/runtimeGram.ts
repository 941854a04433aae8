import { GraphBuilder, matmul, transpose } from "../../onnx";
import type { Runtime, Session } from "../../runtime";
import { centre, type Gram } from "./gram";

const ROWS = 1024;

/**
 * A {@link Gram} whose products run on a runtime: float32 in blocks of rows, the blocks summed in float64. Curvatures only
 * shape the steps of the solver, so that float32 is enough; the certificate never uses them.
 */
export async function openRuntimeGram(
  runtime: Runtime,
  dimension: number,
): Promise<{ gram: Gram; release(): Promise<void> }> {
  const builder = new GraphBuilder("gram");
  const block = builder.input("block", [ROWS, dimension]);
  builder.output("products", matmul(transpose(block, [1, 0]), block));
  const session = await runtime.compile(builder.build());
  return {
    gram: (problem, curvatures, columns, stride) =>
      products(session, problem.rows, problem.n, problem.d, curvatures, columns, stride),
    release: () => session.release(),
  };
}

async function products(
  session: Session,
  rows: Float32Array,
  n: number,
  d: number,
  curvatures: Float64Array,
  columns: Int32Array,
  stride: number,
): Promise<Float64Array> {
  const k = columns.length;
  const gram = new Float64Array(k * k);
  const sums = new Float64Array(d);
  const block = new Float32Array(ROWS * d);
  let total = 0;
  for (let start = 0; start < n; start += ROWS * stride) {
    block.fill(0);
    for (let i = 0; i < ROWS && start + i * stride < n; i++) {
      const row = start + i * stride;
      const h = stride * (curvatures[row] as number);
      const root = Math.sqrt(h);
      total += h;
      for (let j = 0; j < d; j++) {
        const x = rows[row * d + j] as number;
        block[i * d + j] = root * x;
        sums[j] = (sums[j] as number) + h * x;
      }
    }
    const { products: whole } = await session.run({ block });
    if (whole === undefined) continue;
    for (let a = 0; a < k; a++) {
      const at = (columns[a] as number) * d;
      for (let b = 0; b <= a; b++) {
        gram[a * k + b] = (gram[a * k + b] as number) + (whole[at + (columns[b] as number)] as number);
      }
    }
  }
  centre(
    gram,
    Float64Array.from(columns, (j) => sums[j] as number),
    total,
  );
  return gram;
}
