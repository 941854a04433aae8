export { Adam, type AdamOptions } from "./adam";
export { Lbfgs, type Evaluate, type LbfgsMemory } from "./lbfgs";
export { rampedLearningRate } from "./learningRate";
export { LreqAdam, type LreqAdamOptions } from "./lreqAdam";
