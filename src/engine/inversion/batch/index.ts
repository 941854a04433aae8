export { photosIn } from "./photosIn";
export { REPORT_FILES, reportFolder, writeInversionReport, type ReportedFace } from "./writeReport";
