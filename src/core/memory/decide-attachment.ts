import type { Artifact } from "../shared/content.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { liveProblem, raceProblem } from "./decide-entity.ts";
import { type EntityRecord, entityKindOf, entityLabel, entityLimits } from "./entity.ts";

/** Attaches content that is kept already, by its hash. */
export interface AttachContent {
  readonly kind: "attach-content";
  readonly entityId: string;
  readonly expectedVersion: number;
  readonly artifact: Artifact;
}

/** Takes an attachment off; versions before keep it. */
export interface DetachContent {
  readonly kind: "detach-content";
  readonly entityId: string;
  readonly expectedVersion: number;
  readonly name: string;
}

/** Attaches a file. A name stands once: whoever attaches another file under it takes the first one off. */
export function decideAttachment({ entity }: { readonly entity: EntityRecord }, command: AttachContent, context: DecideContext): Decided {
  const { artifact } = command;
  const problem = raceProblem(entity, command) ?? liveProblem(entity) ?? nameProblem(artifact.name) ?? roomProblem(entity, artifact.name);
  if (problem !== null) return problem;
  const others = entity.attachments.filter(({ name }) => name !== artifact.name);
  return settle(entity, { attachments: [...others, artifact], event: "attached", name: artifact.name, context });
}

export function decideDetachment({ entity }: { readonly entity: EntityRecord }, command: DetachContent, context: DecideContext): Decided {
  const problem = raceProblem(entity, command) ?? liveProblem(entity);
  if (problem !== null) return problem;
  const others = entity.attachments.filter(({ name }) => name !== command.name);
  if (others.length === entity.attachments.length)
    return refuse("not-found", "entity.no-such-attachment", `${entityLabel(entity)} has no attachment ${command.name.slice(0, 100)}.`);
  return settle(entity, { attachments: others, event: "detached", name: command.name, context });
}

interface Settled {
  readonly attachments: readonly Artifact[];
  readonly event: "attached" | "detached";
  readonly name: string;
  readonly context: DecideContext;
}

function settle(entity: EntityRecord, { attachments, event, context }: Settled): Decided {
  const { draft } = beginStep(context);
  const changed = draft.change(entityKindOf, entity, { attachments, updatedAtMs: context.nowMs });
  // Without the file's name: what an event repeats could not be purged any more.
  const data = { typeKey: entity.typeKey, key: entity.key, attachments: attachments.length };
  if (event === "attached") draft.record(entityKindOf, entity, "entity.attached", data);
  else draft.record(entityKindOf, entity, "entity.detached", data);
  return draft.accept({ id: entity.id, state: entity.state, version: changed.version, label: entityLabel(entity) });
}

const nameProblem = (name: string): Refusal | null =>
  name.trim() === "" || name.length > entityLimits.attachmentNameLength || /[/\\\p{Cc}]/u.test(name)
    ? refuse(
        "invalid",
        "entity.bad-attachment-name",
        `An attachment has a plain name of at most ${entityLimits.attachmentNameLength} characters.`,
      )
    : null;

const roomProblem = (entity: EntityRecord, name: string): Refusal | null =>
  entity.attachments.length >= entityLimits.attachments && entity.attachments.every((one) => one.name !== name)
    ? refuse(
        "exhausted",
        "entity.too-many-attachments",
        `An entity has at most ${entityLimits.attachments} attachments; take one off first.`,
      )
    : null;
