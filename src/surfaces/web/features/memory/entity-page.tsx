import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { EntityDocument } from "../../../../contract/entity-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button, buttonLook } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { useMoment } from "../../shell/moment-context.ts";
import { Facts, Page, PageHead, Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { instantText } from "../../shell/words.ts";
import { type EntityMove, entityQuery } from "./entities-data.ts";
import { dataFields, readable } from "./entity-fields.ts";
import { EditEntity, MoveForm, moveLabel } from "./entity-forms.tsx";
import { TransformButton } from "./entity-transform.tsx";
import { AttachmentSection, RelationSection, TagSection } from "./entity-marks.tsx";

const route = getRouteApi("/framed/entities/$reference");

/** One entity: its data by the fields of its type, what it is called and related with, and what became of it. */
export function EntityPage() {
  const { reference } = route.useParams();
  const query = useQuery(entityQuery(reference));
  return (
    <Page title={query.data?.title ?? reference}>
      {query.data === undefined && <h1 className="text-xl font-semibold">{reference}</h1>}
      <Loaded query={query}>{(entity) => <EntityBody entity={entity} />}</Loaded>
    </Page>
  );
}

function EntityBody({ entity }: { readonly entity: EntityDocument }) {
  const [isEditing, setEditing] = useState(false);
  const [move, setMove] = useState<EntityMove | null>(null);
  const isPast = useMoment() !== null;
  const open = entity.mayChange && entity.state === "active" && !isPast;
  return (
    <>
      <PageHead
        over={
          <>
            <Link to="/entities" search={{ type: entity.typeKey }} className="underline">
              {entity.type.title}
            </Link>
            <span className="font-mono select-all">{entity.label}</span>
            {entity.state === "active" ? <span>in use</span> : <StateMark state={entity.state} />}
          </>
        }
        title={entity.title === "" ? entity.label : entity.title}
        acts={
          <>
            <Link
              to="/memory/diff"
              search={{ kind: "entity", ref: entity.id, from: String(entity.createdAtMs) }}
              className={buttonLook({ tone: "plain" })}
            >
              What changed
            </Link>
            {open && <TransformButton entity={entity} />}
            {open && (
              <Button tone="accent" onClick={() => setEditing(true)}>
                Change
              </Button>
            )}
          </>
        }
      />
      <Notices entity={entity} />
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="flex min-w-0 flex-col gap-7">
          <Data entity={entity} />
          <AttachmentSection entity={entity} open={open} />
        </div>
        <div className="flex min-w-0 flex-col gap-7">
          <TagSection entity={entity} open={open} />
          <RelationSection entity={entity} open={open} />
          <Standing entity={entity} />
          {!isPast && <Moves entity={entity} onMove={setMove} />}
        </div>
      </div>
      {isEditing && <EditEntity entity={entity} onClose={() => setEditing(false)} />}
      {move !== null && <MoveForm entity={entity} move={move} onClose={() => setMove(null)} />}
    </>
  );
}

/** What a reader has to know first: a hold, a deletion, a purge. */
function Notices({ entity }: { readonly entity: EntityDocument }) {
  const { legalHold, stateMark, state, contentSha256 } = entity;
  return (
    <>
      {legalHold !== null && (
        <p role="note" className="max-w-[75ch] rounded border border-wait bg-wait-wash p-3 text-sm">
          <strong>Legal hold</strong> by {legalHold.by.name}, <Ago atMs={legalHold.atMs} />: {legalHold.reason}
        </p>
      )}
      {state !== "active" && stateMark !== null && (
        <p role="note" className="max-w-[75ch] rounded border border-line-strong p-3 text-sm">
          <strong>{state === "purged" ? "Purged: its content is gone for good." : state === "deleted" ? "Deleted." : "Archived."}</strong>{" "}
          By {stateMark.by.name}, <Ago atMs={stateMark.atMs} />: {stateMark.reason}
        </p>
      )}
      {contentSha256 !== null && (
        <p role="note" className="max-w-[75ch] rounded border border-line-strong p-3 text-sm">
          The content of this version was purged later. It had the SHA-256{" "}
          <code className="font-mono text-xs break-all select-all">{contentSha256}</code>.
        </p>
      )}
    </>
  );
}

function Data({ entity }: { readonly entity: EntityDocument }) {
  const fields = dataFields(entity.type.dataSchema, entity.data);
  const said = fields.filter(({ name }) => entity.data[name] !== undefined);
  return (
    <Section title="Data" aside={`${entity.typeKey}@${entity.schemaVersion}`}>
      {said.length === 0 ? (
        <p className="text-sm text-ink-2">Nothing is said about it.</p>
      ) : (
        <Facts
          rows={said.map(({ name, label }) => {
            const text = readable(entity.data[name] ?? null);
            return [
              label,
              text.includes("\n") ? <pre className="overflow-x-auto font-mono text-xs whitespace-pre-wrap">{text}</pre> : text,
            ] as const;
          })}
        />
      )}
      {entity.schemaVersion < entity.type.latestVersion && (
        <p className="text-xs text-ink-3">
          The type is at version {entity.type.latestVersion} by now; this entity keeps to version {entity.schemaVersion} until somebody
          moves it.
        </p>
      )}
    </Section>
  );
}

function Standing({ entity }: { readonly entity: EntityDocument }) {
  return (
    <Section title="On record">
      <Facts
        rows={[
          ["Project", entity.project],
          ["Kept", instantText(entity.createdAtMs)],
          ["Changed", <Ago key="changed" atMs={entity.updatedAtMs} />],
          ["Version", String(entity.version)],
        ]}
      />
    </Section>
  );
}

const movesOf: { readonly [state in EntityDocument["state"]]: readonly EntityMove[] } = {
  active: ["archive", "delete"],
  archived: ["restore", "delete"],
  deleted: ["restore", "purge"],
  purged: [],
};

/** What may become of it, for whom that is open. */
function Moves({ entity, onMove }: { readonly entity: EntityDocument; readonly onMove: (move: EntityMove) => void }) {
  const may = useMay();
  const holding: readonly EntityMove[] = entity.state === "purged" ? [] : entity.legalHold === null ? ["hold"] : ["release"];
  const moves = [...movesOf[entity.state], ...holding].filter((move) => may(`${move}-entity`));
  if (moves.length === 0) return null;
  return (
    <Section title="What becomes of it">
      <div className="flex flex-wrap gap-2">
        {moves.map((move) => (
          <Button
            key={move}
            tone={move === "purge" || move === "delete" ? "danger" : "plain"}
            disabled={entity.legalHold !== null && (move === "delete" || move === "purge")}
            onClick={() => onMove(move)}
          >
            {moveLabel(move)}
          </Button>
        ))}
      </div>
    </Section>
  );
}
