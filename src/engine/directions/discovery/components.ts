import type { LayerRange } from "../../files";

/** How directions are found without labels: from the generator's weights, or from its codes. */
export type DiscoveryMethod = "sefa" | "pca";

/** One direction that was found without labels. */
export interface Component {
  /** Unit length, [dimension]; its entry of largest size is positive. */
  readonly vector: Float64Array;
  /** Eigenvalue: of A^T A for SeFa, the variance of w along the vector for PCA. */
  readonly value: number;
  /** Its share of the sum of all eigenvalues. */
  readonly share: number;
  /** Standard deviation of seeded w along the vector. */
  readonly sigma: number;
}

/** The strongest components, by falling eigenvalue. */
export interface Discovery {
  readonly method: DiscoveryMethod;
  /** Of w+, recommended for edits; SeFa decomposed the weights of these. */
  readonly layers: LayerRange;
  /** Seeded codes that were analysed (PCA), or that sigma was measured on (SeFa). */
  readonly samples: number;
  readonly components: readonly Component[];
}
