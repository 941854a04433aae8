export { networksIn, type Networks } from "./contents";
export { importDirection, type ImportDirectionOptions } from "./importDirection";
export {
  ganSpaceComponents,
  importGanSpace,
  type ImportedGanSpace,
  type ImportGanSpaceOptions,
} from "./importGanSpace";
export { importLabels, type ImportedLabels, type ImportLabelsOptions } from "./importLabels";
export type { Cleaning } from "./labelSets/cleanFace";
export { labelFilesIn, type LabelFiles } from "./labelSets/labelFiles";
export { importLatents } from "./importLatents";
export type { OnnxChoices } from "./onnxParts";
export { importModel, type ImportedModel, type ImportModelOptions } from "./importModel";
export { inspectFile, type InspectedTensor, type Inspection } from "./inspect";
