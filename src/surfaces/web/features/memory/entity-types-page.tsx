import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { EntityTypeDocument, EntityTypesDocument } from "../../../../contract/entity-contract.ts";
import { schemaProblem } from "../../../../core/memory/check-schema.ts";
import { isPlainKey } from "../../../../core/memory/entity-type.ts";
import type { JsonObject } from "../../../../core/shared/json.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, TextArea, TextField } from "../../shell/controls.tsx";
import { Page, PageHead, Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { ActForm } from "../oversight/objectives-forms.tsx";
import { defineType, entityTypeQuery, entityTypesQuery } from "./entities-data.ts";

/** What kinds of entities there are. */
export function EntityTypesPage() {
  const query = useQuery(entityTypesQuery);
  const [isNew, setNew] = useState(false);
  return (
    <Page title="Types of entities">
      <PageHead
        over={
          <Link to="/entities" className="underline">
            Entities
          </Link>
        }
        title="Types of entities"
        answer="A type says what its entities look like. A new version of its schema stands beside those before."
        acts={
          query.data?.mayDefine === true && (
            <Button tone="accent" onClick={() => setNew(true)}>
              New type
            </Button>
          )
        }
      />
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState>No type is defined yet. Customers, contracts or systems are good first ones.</EmptyState>
          ) : (
            <TypeTable items={items} />
          )
        }
      </Loaded>
      {isNew && <DefineType onClose={() => setNew(false)} />}
    </Page>
  );
}

const TypeTable = ({ items }: { readonly items: EntityTypesDocument["items"] }) => (
  <Table
    caption="Types of entities"
    head={
      <>
        <Th>Type</Th>
        <Th className="hidden sm:table-cell">Description</Th>
        <Th number>Version</Th>
        <Th number>In use</Th>
      </>
    }
  >
    {items.map((type) => (
      <Row key={type.key}>
        <Td>
          <Link to="/entity-types/$key" params={{ key: type.key }} data-row className="font-medium underline-offset-2 hover:underline">
            {type.title}
          </Link>
          <span className="ml-2 font-mono text-xs text-ink-3">{type.key}</span>
        </Td>
        <Td className="hidden max-w-[50ch] text-sm text-ink-2 sm:table-cell">{type.description}</Td>
        <Td number>{type.schemaVersion}</Td>
        <Td number>
          <Link
            to="/entities"
            search={{ type: type.key }}
            className="underline-offset-2 hover:underline"
            aria-label={`${type.count} of ${type.title}`}
          >
            {type.count}
          </Link>
        </Td>
      </Row>
    ))}
  </Table>
);

const route = getRouteApi("/framed/entity-types/$key");

/** One type with the versions of its schema. */
export function EntityTypePage() {
  const { key } = route.useParams();
  const query = useQuery(entityTypeQuery(key));
  return (
    <Page title={query.data?.title ?? key}>
      {query.data === undefined && <h1 className="text-xl font-semibold">{key}</h1>}
      <Loaded query={query}>{(type) => <TypeBody type={type} />}</Loaded>
    </Page>
  );
}

function TypeBody({ type }: { readonly type: EntityTypeDocument }) {
  const [isNew, setNew] = useState(false);
  return (
    <>
      <PageHead
        over={
          <>
            <Link to="/entity-types" className="underline">
              Types of entities
            </Link>
            <span className="font-mono select-all">{type.key}</span>
          </>
        }
        title={type.title}
        answer={type.description === "" ? undefined : type.description}
        acts={
          type.mayDefine && (
            <Button tone="accent" onClick={() => setNew(true)}>
              Next version
            </Button>
          )
        }
      />
      <p className="text-sm text-ink-2">
        <Link to="/entities" search={{ type: type.key }} className="underline">
          {type.count} in use
        </Link>
        , each keeps to the version it names.
      </p>
      {type.versions.map((version, at) => (
        <Section
          key={version.schemaVersion}
          title={`Version ${version.schemaVersion}`}
          aside={
            <>
              {version.definedBy.name}, <Ago atMs={version.definedAtMs} />
            </>
          }
        >
          <details open={at === 0}>
            <summary className="cursor-pointer text-sm text-ink-2">Schema</summary>
            <pre
              tabIndex={0}
              aria-label={`Schema of version ${version.schemaVersion}`}
              className="mt-2 overflow-x-auto rounded border border-line bg-sheet p-3 font-mono text-xs"
            >
              {JSON.stringify(version.dataSchema, null, 2)}
            </pre>
          </details>
        </Section>
      ))}
      {isNew && <DefineType known={type} onClose={() => setNew(false)} />}
    </>
  );
}

const firstSchema: JsonObject = {
  type: "object",
  properties: { country: { type: "string", title: "Country" } },
  additionalProperties: false,
};

function readSchema(text: string): { readonly schema: JsonObject | null; readonly problem: string | null } {
  try {
    const schema = JSON.parse(text) as JsonObject; // the check below says what is no object
    if (typeof schema !== "object" || schema === null || Array.isArray(schema))
      return { schema: null, problem: "A schema is a JSON object." };
    return { schema, problem: schemaProblem(schema) };
  } catch {
    return { schema: null, problem: "This is not JSON." };
  }
}

interface Draft {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly text: string;
}

const firstDraft: Draft = { key: "", title: "", description: "", text: JSON.stringify(firstSchema, null, 2) };

const draftOf = (known: EntityTypeDocument): Draft => ({
  key: known.key,
  title: known.title,
  description: known.description,
  text: JSON.stringify(known.versions[0]?.dataSchema ?? firstSchema, null, 2),
});

/** Writes a schema; the same check as the server's says at once what is not understood. */
function DefineType({ known, onClose }: { readonly known?: EntityTypeDocument; readonly onClose: () => void }) {
  const [draft, setDraft] = useState(() => (known === undefined ? firstDraft : draftOf(known)));
  const [expectedSchemaVersion] = useState(known?.schemaVersion ?? 0);
  const set = (name: keyof Draft) => (event: { readonly target: { readonly value: string } }) =>
    setDraft({ ...draft, [name]: event.target.value });
  const { schema, problem } = readSchema(draft.text);
  const { key, title, description } = draft;
  const send = () =>
    defineType({ key, title: title.trim(), description: description.trim(), dataSchema: schema ?? {}, expectedSchemaVersion });
  return (
    <ActForm
      title={known === undefined ? "New type" : `Version ${known.schemaVersion + 1} of ${known.title}`}
      act="Define it"
      said="The type is defined."
      ready={isPlainKey(key) && title.trim() !== "" && problem === null}
      send={send}
      onClose={onClose}
    >
      {known === undefined && (
        <TextField
          label="Key"
          hint="Lower case letters, digits and dashes, such as customer; it stays for ever."
          maxLength={80}
          value={key}
          onChange={set("key")}
        />
      )}
      <TextField label="Title" maxLength={200} value={title} onChange={set("title")} />
      <TextField label="Description (optional)" maxLength={2_000} value={description} onChange={set("description")} />
      <TextArea
        label="JSON Schema of the data"
        rows={12}
        spellCheck={false}
        className="min-h-56 font-mono text-sm"
        value={draft.text}
        problem={problem ?? undefined}
        onChange={set("text")}
      />
    </ActForm>
  );
}
