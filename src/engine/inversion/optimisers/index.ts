export { Adam, type AdamOptions } from "./adam";
export { rampedLearningRate } from "./learningRate";
