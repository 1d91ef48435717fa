/** The cells of a table's row as it is kept; the first or any other may be empty. */
export const cellsOf = (row: string): readonly string[] => row.split(/ ?\| ?/u);
