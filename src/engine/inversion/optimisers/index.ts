export { Adam, type AdamOptions } from "./adam";
export { Lbfgs, type Evaluate } from "./lbfgs";
export { rampedLearningRate } from "./learningRate";
export { LreqAdam, type LreqAdamOptions } from "./lreqAdam";
