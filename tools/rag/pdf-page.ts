/** What the PDF process tells about a file: the lines of its pages with what is needed to find headings and rows. */
import { z } from "zod";

export const PdfLine = z.object({
  text: z.string(),
  /** Font height of the line in points. */
  size: z.number(),
  /** Name of the font within the file; tells that two lines are set alike, not how. */
  font: z.string(),
  /** Baseline, in points from the bottom of the page. */
  y: z.number(),
  /** Has a wide gap inside, as the rows of a table have. */
  hasCells: z.boolean(),
});
export type PdfLine = z.infer<typeof PdfLine>;

export const PdfContent = z.object({
  title: z.string().optional(),
  /** Pages of the file; only the first ones are read when there are too many. */
  pageCount: z.number().int().nonnegative(),
  pages: z.array(z.array(PdfLine)),
});
export type PdfContent = z.infer<typeof PdfContent>;

export const PdfRequest = z.object({
  path: z.string(),
  maxPages: z.number().int().positive(),
});
export type PdfRequest = z.infer<typeof PdfRequest>;

export const PdfResponse = z.union([z.object({ content: PdfContent }), z.object({ problem: z.string() })]);
export type PdfResponse = z.infer<typeof PdfResponse>;
