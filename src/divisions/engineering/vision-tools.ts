import type { ComputedTool } from "../../core/gate/computation.ts";

/** What performers read of the tools that only compute. The computing itself is loaded where it runs. */
export const visionTools: readonly ComputedTool[] = [
  {
    name: "diagram_generation",
    timeLimitMs: 20_000,
    description: `Draws a diagram as one SVG for light and dark, without scripts, links or foreign parts, with a title and a description.
specification: { language: "dot" | "mermaid", source (or the one text file of "files"), title?, description? }.
"dot" is Graphviz. Of "mermaid" are read: flowchart or graph (directions, node shapes, arrows with words, chains, &, subgraphs), sequenceDiagram (participant, actor, messages, notes, loop, alt, opt, par, critical, break, activation, autonumber), classDiagram (classes, members, marks, relations), stateDiagram-v2 (states, moves, [*], states in states, choice, fork, join). No styles, classes of style, clicks, directives or HTML but <br>; what is not read is refused with its line. At most 300 nodes and 900 edges.`,
  },
  {
    name: "performance_modeling",
    timeLimitMs: 20_000,
    description: `Answers questions about load and capacity by queueing theory, with units in the names of all figures and the assumptions stated; an overloaded system is refused with what it would need.
specification.model is one of:
"mm1" | "mmc" | "mm1k" | "mmck" | "md1" | "mg1": { arrivalRatePerSecond, serviceSeconds or serviceRatePerSecond, servers (mmc, mmck), room (mm1k, mmck: most in the system), serviceVariation (mg1: standard deviation / mean), percentiles?: [0.95], target?: { meanResponseSeconds?, meanWaitSeconds?, utilisation?, lossShare?, response?: { share, seconds } } }; a target is answered with the servers, the rate and the arrivals that reach it, and with mmc "servers" may then be left out.
"closed": { jobs, thinkSeconds?, stations: [{ name, kind?: "queue" | "delay", visits?, serviceSeconds }], target?: { responseSeconds } }: exact mean value analysis with asymptotic bounds.
"jackson": { nodes: [{ name, servers?, serviceSeconds or serviceRatePerSecond, arrivalRatePerSecond? }], routes: [{ from, to, share }] }.
"simulation": { arrivals, service: { kind: "exponential" | "fixed" | "erlang" (stages) | "lognormal" (variation), meanSeconds } or { kind: "uniform", lowSeconds, highSeconds } or { kind: "measured", seconds: [] }, servers?, room?, jobs?, seed? }: means with 95 % intervals.
"operational": { periodSeconds, completions, busySeconds?, servers?, users?, thinkSeconds?, meanInSystem? }: what follows from counting alone.`,
  },
  {
    name: "user_research",
    timeLimitMs: 30_000,
    description: `Codes and groups what people said in supplied interviews or tickets. Every count comes with its share, a 95 % interval, the number of participants, and verbatim quotes with their source and place; nothing is paraphrased.
specification: { sources?: [{ id?, participant?, text }], participants?: { "<file>": name }, speakers?: true (lines begin with "Name: "), leaveOut?: ["Interviewer"], codes?: [{ code, phrases: ["slow*", "long wait"] }], clusters?: number, language?: "en" | "de", from?: place of the first utterance to tell, codings?: two of { coder, codes: { "<utterance id>": ["<code>"] } } }. Text files of "files" are sources as well.
Without codes, key phrases are proposed (RAKE). Clusters: TF-IDF, cosine, average linkage, with the silhouette that says how clear they are. Two codings are compared by Cohen's kappa for each code.`,
  },
  {
    name: "prototype_generation",
    timeLimitMs: 10_000,
    description: `Makes one self-contained HTML file that can be clicked through: no script, nothing loaded or sent, light and dark, usable at 390 px and with a keyboard. Links that lead nowhere, screens that nothing leads to, missing labels and left-out heading levels are refused.
specification: { title, language?, accent?: "#2a3bd0", start?: screen id, screens: [{ id, title, elements: [], states?: [{ id, name, elements: [] }] }] }. The title of a screen is its first heading. A state is a variant of a screen with the id "<screen>--<state>".
Elements: { kind: "heading", level: 2, text } | { kind: "text", text } | { kind: "list", items, ordered? } | { kind: "link" | "button", text, to: screen id } | { kind: "navigation", label?, items: [{ text, to }] } | { kind: "notice", tone?: "info" | "success" | "warning" | "error", text } | { kind: "image", alt, caption? } | { kind: "table", caption, columns, rows } | { kind: "input", input?: "text" | "email" | "tel" | "number" | "date" | "password" | "search" | "textarea" | "checkbox" | "select" | "radio", label, hint?, value?, error?, options? } | { kind: "group", title, elements }.`,
  },
  {
    name: "design_tools",
    timeLimitMs: 10_000,
    description: `Checks a specification of components and layouts against what of WCAG 2.2 can be computed: contrast of text (AA, AAA, large text) and of boundaries and focus, in both themes; target sizes with the rule of spacing; visible focus; boxes that cover each other or stick out at a width; missing states, labels and texts for images; order of headings; meaning by colour alone. Answers with findings that name their place, measure and criterion, and draws a wireframe.
specification: { name?, colours?: { "<name>": "#rrggbb" | { light, dark } }, components: [{ name, role: "button" | "link" | "input" | "checkbox" | "radio" | "select" | "tab" | "image" | "icon" | "heading" | "text" | "region", label?, alt?, decorative?, level? (heading), text?: { colour, background, sizePx?, bold? }, boundary?: { colour, around }, focus?: { colour, around, widthPx? }, states?: ["default" | "hover" | "focus" | "active" | "disabled" | "error" | "loading" | "selected" | "empty"], meaningBy?: ["colour" | "text" | "icon" | "shape" | "position"] }], layouts?: [{ widthPx, boxes: [{ id?, component: name, x, y, width, height, parent?: id, layer?, inline? }] }] }. A colour is a name of "colours" or #rrggbb.`,
  },
];
