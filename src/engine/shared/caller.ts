import type { Actor } from "../../core/shared/actor.ts";
import type { OrganizationId, ProjectId } from "../../core/shared/ids.ts";

/** Who sends a command, where, and under which idempotency key. */
export interface Caller {
  readonly organizationId: OrganizationId;
  /** The project the command is about; null for organization commands. */
  readonly projectId: ProjectId | null;
  readonly actor: Actor;
  /** The same key gets the first answer again; the same key with another body is refused. */
  readonly key: string;
}
