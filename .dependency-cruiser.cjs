"use strict";
/*
 * Who may know whom: the table of ARCHITECTURE.md, one rule per row, everything not allowed is refused.
 * `test/structure/import-walls.test.ts` shows that every source file is seen and that each rule finds a planted breach.
 */

/*
 * The visitor that comes with swc stops at a `using` declaration. It is a list of declarators like `const`, and is
 * visited as one here, so that files which use it are seen.
 */
const { Visitor } = require("@swc/core/Visitor.js");
const visitStatement = Visitor.prototype.visitStatement;
Visitor.prototype.visitStatement = function visitStatementOrUsing(statement) {
  if (statement.type !== "UsingDeclaration") return visitStatement.call(this, statement);
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};

/** A concept of `core` may import `shared` and the concepts before it in this list. */
const conceptOrder = [
  "shared",
  "personas",
  "oversight",
  "gate",
  "requests",
  "planning",
  "scheduling",
  "assignment",
  "execution",
  "review",
  "integration",
  "memory",
  "feedback",
  "metrics",
];

/** Tests are read by the test runner alone and may reach for whatever they examine. */
const test = "\\.test\\.tsx?$";
/** What lies in a room of ours; anything else is a package or a Node module, installed or not. */
const ours = "^(?:src|verify|test|bench|scripts)/";

const conceptRules = conceptOrder.map((concept, position) => ({
  name: `core-order-${concept}`,
  comment: `core/${concept} may import only itself and what comes before it.`,
  severity: "error",
  from: { path: `^src/core/${concept}/`, pathNot: test },
  to: { path: "^src/core/", pathNot: `^src/core/(?:${conceptOrder.slice(0, position + 1).join("|")})/` },
}));

/** The room `from` may import itself and `allowed`, nothing else of ours. */
function room(name, from, allowed) {
  return {
    name: `room-${name}`,
    comment: `${name} may import: ${allowed.join(", ")}.`,
    severity: "error",
    from: { path: from, pathNot: test },
    to: { path: ours, pathNot: allowed },
  };
}

/** The room `from` may use no package and no Node module but those in `except`. */
function noPackages(name, from, except) {
  return {
    name: `packages-${name}`,
    comment: `${name} may use no package${except ? ` but ${except}` : ""}.`,
    severity: "error",
    from: { path: from, pathNot: test },
    to: { pathNot: except ? [ours, except] : [ours] },
  };
}

const core = "^src/core/";
const ports = "^src/engine/ports/";
const engine = "^src/engine/";
const contract = "^src/contract/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "A path that leads nowhere would escape every other rule.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "known-concepts",
      comment: "A new concept of core has its place in the order above.",
      severity: "error",
      from: { path: core, pathNot: [`^src/core/(?:${conceptOrder.join("|")})/`, test] },
      to: {},
    },
    ...conceptRules,
    room("core", core, [core]),
    noPackages("core", core),
    room("divisions", "^src/divisions/", ["^src/divisions/", core]),
    noPackages("divisions", "^src/divisions/"),
    {
      name: "divisions-apart",
      comment: "A division knows nothing of another division.",
      severity: "error",
      from: { path: "^src/divisions/([^/]+)/", pathNot: test },
      to: { path: "^src/divisions/", pathNot: "^src/divisions/$1/" },
    },
    room("contract", contract, [contract, core]),
    noPackages("contract", contract, "node_modules/(?:zod|@hono/zod-openapi)/"),
    room("engine", engine, [engine, core]),
    noPackages("engine", engine),
    room("adapters", "^src/adapters/", ["^src/adapters/", ports, core]),
    {
      name: "adapters-apart",
      comment: "An adapter knows nothing of another technology.",
      severity: "error",
      from: { path: "^src/adapters/([^/]+)/", pathNot: test },
      to: { path: "^src/adapters/", pathNot: "^src/adapters/$1/" },
    },
    room("surfaces", "^src/surfaces/(?!web/)", ["^src/surfaces/(?!web/)", contract, engine, core]),
    {
      name: "surfaces-apart",
      comment: "A surface knows nothing of another surface.",
      severity: "error",
      from: { path: "^src/surfaces/([^/]+)/", pathNot: test },
      to: { path: "^src/surfaces/", pathNot: "^src/surfaces/$1/" },
    },
    room("web", "^src/surfaces/web/", ["^src/surfaces/web/", contract, core]),
    {
      name: "web-without-node",
      comment: "The page runs in a browser.",
      severity: "error",
      from: { path: "^src/surfaces/web/", pathNot: test },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "main-not-imported",
      comment: "main wires; only the launcher and the scripts start it.",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/main/", test] },
      to: { path: "^src/main/" },
    },
    {
      name: "gate-before-tools",
      comment: "Tools, agents and sandboxes are reached through the gate: only main may hand them out.",
      severity: "error",
      from: { pathNot: ["^src/main/", "^src/adapters/(?:tools|agents|sandbox)/", "^(?:test|bench|scripts)/", test] },
      to: { path: "^src/adapters/(?:tools|agents|sandbox)/" },
    },
    {
      name: "models-behind-one-door",
      comment: "No AI package is known outside of adapters/models; not by tests either, except its own.",
      severity: "error",
      from: { path: ours, pathNot: "^src/adapters/models/" },
      to: { path: "(?:^|/)(?:node_modules/)?(?:ai|@ai-sdk/[^/]+)(?:/|$)", pathNot: ours },
    },
    {
      name: "verify-not-built-in",
      comment: "The product starts or loads its checkers as programs of their own; the build of src cannot reach them.",
      severity: "error",
      from: { path: "^src/", pathNot: test },
      to: { path: "^verify/" },
    },
    {
      name: "verify-alone",
      comment: "The world checker shares no code with what it checks.",
      severity: "error",
      from: { path: "^verify/", pathNot: test },
      to: { path: "^(?:src|test|bench|scripts)/" },
    },
  ],
  options: {
    // TypeScript 7 has no JavaScript API: without this parser no module would be seen and every rule would hold.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(?:dist|coverage|node_modules/\\.cache)/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
