/** Looks of the report, in light and dark; printed it is black on white. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --paper: #fff; --card: #f6f8fa;
  --chosen: #1d5fd0; --plain: #7b8794; --refused: #c2410c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa5b3; --line: #313a46; --paper: #12161c;
  --card: #1a2028; --chosen: #6ea8ff; --plain: #8793a1; --refused: #ff9b6a; } }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 60rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.7rem; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.2rem; }
h3 { margin: 0; font-size: 1rem; } p, ul { margin: .4rem 0; } .soft, figure p { color: var(--soft); font-size: .9rem; }
.card { background: var(--card); border-radius: .5rem; padding: 1rem 1.25rem; margin: 1rem 0; }
.warning { border-left: 4px solid var(--refused); }
figure { margin: 1.5rem 0; } svg { width: 100%; height: auto; font: 12.5px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .tick { fill: var(--soft); font-size: 11.5px; } svg .value { font-variant-numeric: tabular-nums; }
svg .grid { stroke: var(--line); } svg .leader { stroke: var(--line); }
svg .reference { stroke: var(--ink); stroke-dasharray: 4 4; stroke-opacity: .6; }
svg .whisker { stroke-width: 1.6; } svg line.chosen { stroke: var(--chosen); } svg line.plain { stroke: var(--plain); }
svg line.refused { stroke: var(--refused); } svg circle.chosen, svg rect.chosen { fill: var(--chosen); }
svg circle.plain, svg rect.plain { fill: var(--plain); } svg circle.refused, svg rect.refused { fill: var(--refused); }
svg circle.hollow { fill: var(--paper); stroke-width: 2; } svg circle.chosen.hollow { stroke: var(--chosen); }
svg circle.plain.hollow { stroke: var(--plain); } svg circle.refused.hollow { stroke: var(--refused); }
svg text.name.chosen { fill: var(--chosen); font-weight: 600; } svg text.name.refused { fill: var(--refused); }
svg .curve { fill: none; stroke-width: 2; }
${[
  ["#1d5fd0", "#6ea8ff"],
  ["#b45309", "#f5b25c"],
  ["#0f766e", "#4fd1c0"],
  ["#9d174d", "#f48fb8"],
  ["#4d7c0f", "#a7d154"],
  ["#6d28d9", "#b79bff"],
]
  .map(
    ([light, dark], index) =>
      `svg polyline.series-${index} { stroke: light-dark(${light}, ${dark}); } svg text.series-${index} { fill: light-dark(${light}, ${dark}); }`,
  )
  .join("\n")}
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td.words { text-align: left; white-space: normal; min-width: 14rem; } thead th { color: var(--soft); font-weight: 500; }
tbody th { font-weight: 400; } tr.marked th, tr.marked td { color: var(--chosen); font-weight: 600; }
@media print { body { max-width: none; } figure, tr { break-inside: avoid; } }
`;
