import { documentReader } from "../adapters/documents/document-reader.ts";
import { workbookWriter } from "../adapters/documents/write-workbook.ts";
import { runUnsandboxed } from "../adapters/sandbox/run-sandboxed.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { documentTools } from "../engine/gate/document-tools.ts";
import { drawingTools } from "../engine/gate/drawing-tools.ts";
import { memoryTools } from "../engine/gate/memory-tools.ts";
import { worktreeDesk } from "../engine/gate/worktree-desk.ts";
import { worktreeTools } from "../engine/gate/worktree-tools.ts";
import type { DocumentReader } from "../engine/ports/documents.ts";
import type { GatedTool } from "../engine/ports/gated-tool.ts";
import type { Sandbox } from "../engine/ports/sandbox.ts";
import type { Workspace } from "../engine/ports/workspace.ts";
import { openWorktrees } from "./agents.ts";
import { repositoryHistory } from "./assessment-history.ts";
import { codeAnalysis } from "./code-analysis.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";
import { fileWorkspace } from "./workspace.ts";

export type WorkToolParts = Pick<System, "content" | "crash" | "sandbox" | "engine" | "git" | "installation">;

/** Tools for the work on documents, tables, memory and, where there is a sandbox, a worktree of the attempt. */
export const workTools = (parts: WorkToolParts): readonly GatedTool[] => {
  const { content, crash, sandbox, engine } = parts;
  return [
    ...documentTools({ content, documents: openDocuments(sandbox) }),
    ...drawingTools({ content, crash, workbooks: workbookWriter }),
    ...memoryTools({ engine, organizationId: firstOrganizationId }),
    codeAnalysis({ workspace: workspaceOf(parts), git: repositoryHistory(parts.git) }),
    ...(sandbox.probe.available ? openWorktreeTools(parts) : []),
  ];
};

/** Reads documents in the sandbox where there is one, otherwise in a process that only time, memory and its own rights bound. */
const openDocuments = (sandbox: Sandbox): DocumentReader =>
  documentReader(
    sandbox.probe.available ? { run: (command) => sandbox.run(command), isIsolated: true } : { run: runUnsandboxed, isIsolated: false },
  );

const workspaceOf = ({ installation, content, git }: Pick<WorkToolParts, "installation" | "content" | "git">): Workspace =>
  fileWorkspace({ cacheDirectory: installation.cacheDirectory, content, git });

function openWorktreeTools({ content, crash, sandbox, git, installation }: WorkToolParts): readonly GatedTool[] {
  const worktrees = openWorktrees({ installation, git });
  const workspace = workspaceOf({ installation, content, git });
  const desk = worktreeDesk({ worktrees, workspace, sandbox, content, clock: systemClock });
  return worktreeTools({ desk, content, crash });
}
