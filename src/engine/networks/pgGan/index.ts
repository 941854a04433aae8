export { fromGenforcePgGan } from "./fromGenforce";
export { pgGanGenerator } from "./generator";
export { pgGanShape, type PgGanShape } from "./shape";
