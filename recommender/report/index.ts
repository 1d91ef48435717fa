/** The report of a selection as an HTML page with plots. */
export { renderReport, type ReportOptions } from "./report.ts";
