export { libraryVersion } from "./library";
export { openRuntime } from "./openRuntime";
export { AUTO_ORDER } from "./types";
export type {
  Attempt,
  CompileOptions,
  FeedData,
  Feeds,
  ProviderChoice,
  ProviderName,
  Runtime,
  RuntimeOptions,
  Session,
} from "./types";
