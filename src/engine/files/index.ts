export { CancelledError, RfmError, throwIfCancelled, type ErrorCode } from "./errors";
export { fileFailure, type FileAction } from "./failures";
export { writeFileAtomically } from "./atomic";
export { readFileBounded, sha256, sha256OfFile } from "./read";
