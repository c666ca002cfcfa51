/** The report's whole style sheet. No rule loads anything; the page allows exactly this text by its hash. */
export const reportStyle = `
:root { color-scheme: light dark; --paper: #fcfbf8; --raised: #fff; --ink: #1a1b1f; --soft: #5a5d66; --line: #dedbd2; --accent: #2a3bd0; --accent-2: #8a94e8; --accent-3: #cfd3f6; --high: #a3182a; --medium: #8a5200; --low: #3d5a80; --node: #fff; --node-line: #8b8fa3; --edge: #a3a7b8; }
@media (prefers-color-scheme: dark) { :root { --paper: #131419; --raised: #1a1b22; --ink: #e9e8e4; --soft: #a2a5b0; --line: #30323c; --accent: #98a4ff; --accent-2: #5a68cf; --accent-3: #3a4382; --high: #ff8f95; --medium: #efb45f; --low: #9fc0ea; --node: #20222b; --node-line: #6c7080; --edge: #5b5f70; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 Inter, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
.page { display: grid; grid-template-columns: 190px minmax(0, 1fr); gap: 0 40px; max-width: 1280px; margin: 0 auto; padding: 28px 32px 64px; }
header { grid-column: 1 / -1; border-bottom: 1px solid var(--line); padding-bottom: 20px; margin-bottom: 24px; }
header .kind { color: var(--soft); font-size: 12px; letter-spacing: .04em; margin: 0; }
h1 { font-size: 28px; line-height: 1.2; letter-spacing: -.015em; margin: 2px 0 8px; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 20px; line-height: 1.3; letter-spacing: -.01em; margin: 0 0 4px; font-weight: 620; }
h3 { font-size: 14px; margin: 24px 0 2px; font-weight: 620; }
p { margin: 0 0 8px; max-width: 78ch; }
.answer { font-size: 16px; line-height: 1.45; max-width: 80ch; }
.soft, .definition { color: var(--soft); font-size: 12px; line-height: 1.45; }
.definition { max-width: 92ch; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
nav { position: sticky; top: 20px; align-self: start; font-size: 13px; }
nav ol { list-style: none; margin: 0; padding: 0; border-left: 1px solid var(--line); }
nav a { display: flex; justify-content: space-between; gap: 8px; padding: 3px 0 3px 12px; color: var(--ink); text-decoration: none; }
nav a:hover { color: var(--accent); }
nav .count { color: var(--soft); font-size: 12px; white-space: nowrap; }
main { min-width: 0; }
section { padding: 0 0 36px; margin: 0 0 32px; border-bottom: 1px solid var(--line); }
section:last-child { border-bottom: 0; }
.tiles { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 0; margin: 16px 0 0; border-top: 1px solid var(--line); }
.tiles div { padding: 10px 14px 0 0; }
.tiles dt { color: var(--soft); font-size: 12px; line-height: 1.3; }
.tiles dd { margin: 0; font-size: 20px; font-weight: 600; letter-spacing: -.01em; }
.tiles dd a { text-decoration: none; } .tiles dd a:hover { text-decoration: underline; }
.tiles dd small { display: block; font-weight: 400; font-size: 11px; color: var(--soft); letter-spacing: 0; }
.state { border-left: 3px solid var(--medium); padding: 4px 0 4px 12px; margin: 8px 0; max-width: 78ch; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; margin: 6px 0 4px; }
table.plain { width: auto; min-width: 340px; max-width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 12px; padding: 0 0 4px; }
th { text-align: left; font-weight: 600; font-size: 12px; color: var(--soft); border-bottom: 1px solid var(--line); padding: 4px 14px 4px 0; vertical-align: bottom; white-space: nowrap; }
td { border-bottom: 1px solid var(--line); padding: 4px 14px 4px 0; vertical-align: top; overflow-wrap: break-word; }
tr:last-child > td { border-bottom: 0; }
td.number, th.number { text-align: right; white-space: nowrap; padding-right: 18px; }
td.path { overflow-wrap: anywhere; }
td.path, code, .places { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12px; }
code { overflow-wrap: anywhere; }
.figures td:nth-child(1) { white-space: nowrap; font-weight: 500; }
.figures td:nth-child(4) { color: var(--soft); font-size: 12px; }
.severity { white-space: nowrap; font-size: 12px; font-weight: 600; }
.high { color: var(--high); } .medium { color: var(--medium); } .low { color: var(--low); } .info { color: var(--soft); }
.findings td:first-child { width: 84px; } .findings td:last-child { width: 34%; min-width: 200px; }
.findings .title { font-weight: 560; overflow-wrap: anywhere; }
.findings .detail { color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
.places { color: var(--ink); overflow-wrap: anywhere; font-size: 11.5px; line-height: 1.5; }
.id { color: var(--soft); font-size: 11px; white-space: nowrap; }
.score { display: inline-block; min-width: 24px; font-weight: 650; } .scored { white-space: nowrap; } .links { white-space: nowrap; }
figure { margin: 12px 0 4px; }
figcaption { color: var(--soft); font-size: 12px; }
.chart { display: block; width: 100%; max-width: 760px; height: auto; font-size: 11.5px; }
.chart .label { fill: var(--ink); } .chart .value { fill: var(--soft); font-size: 11px; }
.chart .part-0 { fill: var(--accent); } .chart .part-1 { fill: var(--accent-2); } .chart .part-2 { fill: var(--accent-3); }
.chart .axis { stroke: var(--line); } .chart .dot { fill: var(--accent); fill-opacity: .5; stroke: var(--accent); }
.graph { overflow: auto; max-height: 780px; border: 1px solid var(--line); border-radius: 4px; background: var(--raised); padding: 12px; }
.graph svg { display: block; max-width: 100%; height: auto; min-width: 640px; margin: 0 auto; }
.graph .module path, .graph .module polygon { fill: var(--node); stroke: var(--node-line); } .graph .module text { fill: var(--ink); }
.graph .tied path, .graph .tied polygon { stroke: var(--high); stroke-width: 2.2; }
.graph .import path { stroke: var(--edge); } .graph .import polygon { fill: var(--edge); stroke: var(--edge); }
details { margin: 2px 0 10px; }
summary { cursor: pointer; color: var(--accent); font-size: 12px; padding: 2px 0; width: fit-content; }
.notes { color: var(--soft); font-size: 12px; padding-left: 18px; overflow-wrap: anywhere; }
footer { grid-column: 1 / -1; color: var(--soft); font-size: 12px; }
.skip { position: absolute; left: -9999px; } .skip:focus { left: 16px; top: 8px; }
@media (max-width: 860px) { .page { grid-template-columns: minmax(0, 1fr); padding: 20px 16px 48px; } nav { position: static; margin-bottom: 20px; } nav ol { columns: 2; border: 0; } nav a { padding-left: 0; } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .figures td:nth-child(1) { white-space: normal; } }
@media print { :root { color-scheme: light; --paper: #fff; --raised: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #1f2d9e; --accent-2: #8a94e8; --accent-3: #cfd3f6; --high: #a3182a; --medium: #8a5200; --low: #3d5a80; --node: #fff; --node-line: #777; --edge: #888; } body { font-size: 10.5pt; } .page { display: block; max-width: none; padding: 0; } nav, .skip { display: none; } section { break-inside: auto; } h2, h3 { break-after: avoid; } tr, figure { break-inside: avoid; } .graph { max-height: none; overflow: visible; border: 0; padding: 0; } .graph svg { min-width: 0; } a { color: inherit; text-decoration: none; } .scroll { overflow: visible; } }
`;
