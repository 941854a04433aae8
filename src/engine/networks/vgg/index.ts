export { lpips } from "./lpips";
export { recogniseLpips, type LpipsSource } from "./recognise";
