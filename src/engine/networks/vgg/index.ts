export { lpips } from "./lpips";
export { lpipsPart, recogniseLpips, type LpipsPart, type LpipsSource } from "./recognise";
