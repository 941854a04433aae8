import { RfmError, type DirectionDocument, type ModelReference, type RunBlock } from "../../files";
import { spaceOfRow } from "../../latents";
import type { Discovery } from "./components";

/** The heading that discovered directions stand under until they are given a better one. */
const GROUP = "discovered";

/**
 * The name that the components of a discovery begin with: the method, and the layers where they are not all: `sefa`,
 * `pca`, `sefa-0-4`.
 */
export function componentPrefix({ method, layers: [start, end] }: Discovery, modelLayers: number): string {
  return start === 0 && end === modelLayers ? method : `${method}-${start}-${end}`;
}

/**
 * One component as a document, named by its prefix and number (`sefa-00`). Renamed it is the same document with another
 * attribute.
 */
export function componentDocument(
  model: ModelReference & { readonly layers: number },
  discovery: Discovery,
  index: number,
  run: RunBlock,
): DirectionDocument {
  const { method, layers, samples, components } = discovery;
  const component = components[index];
  if (component === undefined) {
    throw new RfmError(
      "usage",
      `There is no component ${index} among ${components.length}; choose one of them.`,
    );
  }
  const digits = Math.max(2, String(components.length - 1).length);
  return {
    kind: "direction",
    version: 1,
    attribute: `${componentPrefix(discovery, model.layers)}-${String(index).padStart(digits, "0")}`,
    group: GROUP,
    model: { name: model.name, sha256: model.sha256 },
    space: spaceOfRow(model),
    shape: [component.vector.length],
    vector: Array.from(component.vector),
    sigma: component.sigma,
    layers,
    discovery: {
      method,
      component: index,
      ...(method === "sefa" ? { layers } : { samples }),
      value: component.value,
      share: component.share,
    },
    run,
  };
}
