import { documentReader } from "../adapters/documents/document-reader.ts";
import { workbookWriter } from "../adapters/documents/write-workbook.ts";
import { runUnsandboxed } from "../adapters/sandbox/run-sandboxed.ts";
import { documentTools } from "../engine/gate/document-tools.ts";
import { drawingTools } from "../engine/gate/drawing-tools.ts";
import { memoryTools } from "../engine/gate/memory-tools.ts";
import type { DocumentReader } from "../engine/ports/documents.ts";
import type { GatedTool } from "../engine/ports/gated-tool.ts";
import type { Sandbox } from "../engine/ports/sandbox.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";

/** Reads documents in the sandbox where there is one, otherwise in a process that only time, memory and its own rights bound. */
const openDocuments = (sandbox: Sandbox): DocumentReader =>
  documentReader(
    sandbox.probe.available ? { run: (command) => sandbox.run(command), isIsolated: true } : { run: runUnsandboxed, isIsolated: false },
  );

/** Tools for the work on documents, tables and memory. */
export const workTools = ({
  content,
  crash,
  sandbox,
  engine,
}: Pick<System, "content" | "crash" | "sandbox" | "engine">): readonly GatedTool[] => [
  ...documentTools({ content, documents: openDocuments(sandbox) }),
  ...drawingTools({ content, crash, workbooks: workbookWriter }),
  ...memoryTools({ engine, organizationId: firstOrganizationId }),
];
