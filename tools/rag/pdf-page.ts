/** The lines of a PDF's pages with what is needed to find headings and rows. */
export interface PdfLine {
  readonly text: string;
  /** Font height of the line in points. */
  readonly size: number;
  /** Name of the font within the file; tells that two lines are set alike, not how. */
  readonly font: string;
  /** Baseline, in points from the bottom of the page. */
  readonly y: number;
  /** Has a wide gap inside, as the rows of a table have. */
  readonly hasCells: boolean;
}

export interface PdfContent {
  readonly title?: string;
  /** Pages of the file; only the first ones are read when there are too many. */
  readonly pageCount: number;
  readonly pages: readonly (readonly PdfLine[])[];
}
