export { truncate, type Truncation } from "./truncation";
