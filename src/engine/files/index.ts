export { CancelledError, RfmError, throwIfCancelled, type ErrorCode } from "./errors";
