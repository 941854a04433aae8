import type { Tensor } from "../onnx";
import { affine, reordered } from "./arrays";
import { findLayout, LayoutTensors } from "./layoutTensors";

/** Where NVIDIA's files have their synthesis network. */
export const SYNTHESIS = "components.synthesis.";

/** The networks of a `.pkl` of NVIDIA's TensorFlow code: (G, D, Gs), of which Gs is taken, or one network alone. */
export function findNvidiaNetwork(
  files: Parameters<typeof findLayout>[0],
  marker: string,
): LayoutTensors | undefined {
  return findLayout(files, SYNTHESIS + marker, ["2.", "Gs.", "G_ema."]);
}

/** @throws RfmError("model") for a generator that takes labels. */
export function refuseLabels(tensors: LayoutTensors): void {
  const isConcat = (name: string): boolean => /^components\..*LabelConcat/.test(name);
  if (tensors.names().some(isConcat))
    throw tensors.refusal("is a generator of labelled classes", "use one without labels");
}

/** What both StyleGANs' files share. Kernels are [h,w,in,out], matrices [in,out]. */
export class NvidiaNetwork {
  readonly weights = new Map<string, Tensor>();
  readonly mapping: LayoutTensors;
  readonly synthesis: LayoutTensors;

  constructor(readonly tensors: LayoutTensors) {
    const { file, prefix } = tensors;
    this.mapping = new LayoutTensors(file, `${prefix}components.mapping.variables.`);
    this.synthesis = new LayoutTensors(file, `${prefix}${SYNTHESIS}variables.`);
  }

  /**
   * Takes over the mapping network's layers.
   *
   * @param weight a matrix [out,in] in the canonical layout's units
   * @param biasFactor what biases are multiplied with
   */
  async denseLayers(weight: (matrix: Tensor) => Tensor, biasFactor: number): Promise<void> {
    const count = this.mapping.count((i) => `Dense${i}/weight`);
    for (let i = 0; i < count; i++) {
      const matrix = reordered(await this.mapping.read(`Dense${i}/weight`, 2), [1, 0]);
      this.weights.set(`mapping.dense${i}.weight`, weight(matrix));
      const bias = affine(await this.mapping.read(`Dense${i}/bias`, 1), biasFactor);
      this.weights.set(`mapping.dense${i}.bias`, bias);
    }
  }

  /** The average w, where the file has one. */
  async average(): Promise<Tensor | undefined> {
    const name = "variables.dlatent_avg";
    return this.tensors.has(name) ? await this.tensors.read(name) : undefined;
  }

  /** An argument that a network was built with: its own, or the whole generator's. */
  setting(component: "mapping" | "synthesis", name: string): unknown {
    const own = this.tensors.setting(`components.${component}.static_kwargs.${name}`);
    return own === undefined ? this.tensors.setting(`static_kwargs.${name}`) : own;
  }

  /** The learning rate of the mapping network, which its weights are divided by. */
  async mappingRate(): Promise<number | undefined> {
    const name = "static_kwargs.mapping_lrmul";
    return (await this.tensors.number(`components.mapping.${name}`)) ?? (await this.tensors.number(name));
  }
}
