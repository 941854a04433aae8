export { Adam, type AdamOptions } from "./adam";
export { rampedLearningRate } from "./learningRate";
export { LreqAdam, type LreqAdamOptions } from "./lreqAdam";
