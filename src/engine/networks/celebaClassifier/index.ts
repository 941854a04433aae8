export {
  CELEBA_ATTRIBUTES,
  classifiedAttribute,
  classifierAttributeRecord,
  type ClassifiedAttribute,
} from "./attributes";
export { celebaClassifierGraph } from "./graph";
export { recogniseClassifier, type ClassifierSource } from "./recognise";
export { classifierGroups, classifierScores, LARGEST_GRAPH, nearestResized } from "./scorer";
export { classifierShape, type CelebaClassifier, type ClassifierShape } from "./weights";
