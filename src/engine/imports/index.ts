export { networksIn, type Networks } from "./contents";
export { importDirection, type ImportDirectionOptions } from "./importDirection";
export { importLatents } from "./importLatents";
export { importModel, type ImportedModel, type ImportModelOptions } from "./importModel";
export { inspectFile, type InspectedTensor, type Inspection } from "./inspect";
