import { attemptKind } from "../../core/execution/attempt.ts";
import type { OrganizationId, ProjectId } from "../../core/shared/ids.ts";
import { type Json, canonicalJson } from "../../core/shared/json.ts";
import { invariant } from "../../core/shared/failure.ts";
import type { Engine } from "../engine.ts";
import { contextRulesOf } from "../personas/persona-rules.ts";
import type { ContentStore } from "../ports/content.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import { type AskedContext, buildContext } from "./context-view.ts";

/** What keeping it takes. */
export interface ContextParts {
  readonly engine: Engine;
  readonly content: ContentStore;
  readonly crash: CrashProbe;
}

/** An attempt that has just begun. */
export interface BegunAttempt {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly attemptId: string;
}

/**
 * Builds what the performer of an attempt is told and keeps its manifest: as content by hash, named by the attempt. Called when a person
 * has claimed a task, or by an executor that reads it; never for rules. Safe to call again: what was kept first stays. With a budget too
 * small for what must be told, it is as large as that needs.
 */
export async function giveContext({ engine, content, crash }: ContextParts, begun: BegunAttempt): Promise<void> {
  const { organizationId, projectId, attemptId } = begun;
  const nowMs = await engine.projectTime.nowMs(begun);
  const built = await engine.read({ organizationId, projectIds: [projectId] }, async (reader) => {
    const attempt = await reader.get(attemptKind, attemptId);
    if (attempt === undefined || attempt.context !== undefined || attempt.endedAtMs !== null) return null;
    const rules = await contextRulesOf(reader, attempt.performer);
    const asked: AskedContext = { taskId: attempt.taskId, content, digest: engine.digest, nowMs, ...rules };
    const first = await buildContext(reader, asked);
    return "neededTokens" in first ? buildContext(reader, { ...asked, budgetTokens: first.neededTokens }) : first;
  });
  if (built === null) return;
  invariant(!("neededTokens" in built), "a pack fits into what it says it needs");
  const { pack, manifest } = built;
  const bytes = new TextEncoder().encode(canonicalJson(manifest as unknown as Json)); // a manifest is plain JSON by its type
  crash("content.before-write");
  const sha256 = await content.write(bytes);
  crash("content.after-write");
  await engine.apply(
    // The same manifest of the same attempt is the same command.
    { organizationId, projectId, actor: { kind: "system", id: "context" }, key: `context:${attemptId}:${sha256}` },
    {
      kind: "record-context",
      attemptId,
      given: {
        manifest: { name: "context.json", sha256, mediaType: "application/json", bytes: bytes.byteLength },
        budgetTokens: pack.budgetTokens,
        tokens: pack.tokens,
        told: pack.pieces.length,
        leftOut: pack.manifest.length - pack.pieces.length,
        packSha256: manifest.packSha256,
      },
    },
  );
}
