import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { EntityRowDocument } from "../../../../contract/entity-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button, SelectField, TextField, buttonLook } from "../../shell/controls.tsx";
import { ExportButton } from "../../shell/export-button.tsx";
import { useMay } from "../../shell/may.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { useProjectKey } from "../../shell/project-scope.ts";
import { EmptyState, ErrorState, Skeleton } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText } from "../../shell/words.ts";
import { type EntitySearch, entitiesQuery, entityTypesQuery, tagUsesQuery } from "./entities-data.ts";
import { NewEntity } from "./entity-forms.tsx";
import { TagChips } from "./entity-marks.tsx";

const route = getRouteApi("/framed/entities");

/** Customers, contracts, systems: what people keep beside requests, found by everything known of it. */
export function EntitiesPage() {
  const search = route.useSearch();
  const project = useProjectKey();
  const may = useMay();
  const [isNew, setNew] = useState(false);
  const types = useQuery(entityTypesQuery);
  const hasTypes = (types.data?.items.length ?? 0) > 0;
  return (
    <Page title="Entities" wide>
      <PageHead
        title="Entities"
        answer="What we keep beside requests: customers, contracts, systems, or whatever types you define."
        acts={
          <>
            <Link to="/entity-types" className={buttonLook({ tone: "plain" })}>
              Types
            </Link>
            {hasTypes && may("create-entity") && (
              <Button tone="accent" onClick={() => setNew(true)}>
                New entity
              </Button>
            )}
          </>
        }
      />
      <Filters search={search} />
      <List search={{ ...search, project: project === "" ? undefined : project }} hasTypes={types.data === undefined || hasTypes} />
      {isNew && <NewEntity type={search.type} onClose={() => setNew(false)} />}
    </Page>
  );
}

const states = ["active", "archived", "deleted", "purged"] as const;

/** Every filter stands in the address; what is typed is looked for on Enter. */
function Filters({ search }: { readonly search: EntitySearch }) {
  const navigate = useNavigate();
  const types = useQuery(entityTypesQuery);
  const uses = useQuery(tagUsesQuery);
  const set = (fields: Partial<EntitySearch>): void =>
    void navigate({
      to: "/entities",
      search: (before) => givenOnly({ ...before, ...fields }),
      replace: true,
      resetScroll: false,
    });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = typed.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    set({ text: text("text"), tag: text("tag"), field: text("field") });
  };
  return (
    <form
      role="search"
      aria-label="Entities"
      onSubmit={submit}
      key={[search.text, search.tag, search.field].join("|")}
      className="grid grid-cols-2 items-end gap-3 md:grid-cols-[1fr_1fr_1.2fr_1.2fr_1.2fr_auto]"
    >
      <SelectField label="Type" value={search.type ?? ""} onChange={(event) => set({ type: event.target.value })}>
        <option value="">Every type</option>
        {types.data?.items.map((type) => (
          <option key={type.key} value={type.key}>
            {type.title}
          </option>
        ))}
      </SelectField>
      <SelectField label="State" value={search.state ?? ""} onChange={(event) => set({ state: event.target.value })}>
        <option value="">In use</option>
        {states.slice(1).map((state) => (
          <option key={state} value={state}>
            {state}
          </option>
        ))}
        <option value={states.join(",")}>all</option>
      </SelectField>
      <TextField label="Text" name="text" type="search" maxLength={200} defaultValue={search.text ?? ""} placeholder="title or data" />
      <TextField label="Tag" name="tag" maxLength={250} list="entity-tags" defaultValue={search.tag ?? ""} placeholder="tier=gold" />
      <TextField label="Field" name="field" maxLength={500} defaultValue={search.field ?? ""} placeholder="country=DE" />
      <datalist id="entity-tags">
        {uses.data?.items.slice(0, 100).map(({ key, value }) => (
          <option key={`${key} ${value}`} value={value === "" ? key : `${key}=${value}`} />
        ))}
      </datalist>
      <Button type="submit" className="min-h-9">
        Find
      </Button>
    </form>
  );
}

const givenOnly = (search: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ""));

function List({ search, hasTypes }: { readonly search: EntitySearch; readonly hasTypes: boolean }) {
  const query = useInfiniteQuery(entitiesQuery(search));
  if (query.data === undefined)
    return query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton rows={8} />;
  const rows = query.data.pages.flatMap((page) => page.items);
  const isNarrowed = Object.entries(search).some(([name, value]) => value !== undefined && name !== "project");
  if (rows.length === 0)
    return (
      <EmptyState
        act={
          !hasTypes && (
            <Link to="/entity-types" className={buttonLook({ tone: "accent" })}>
              Define a type
            </Link>
          )
        }
      >
        {isNarrowed
          ? "Nothing matches. Take a filter away."
          : hasTypes
            ? "Nothing is kept yet."
            : "No type is defined yet. A type says what its entities look like."}
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3 text-sm text-ink-3">
        <span role="status">
          {countText(rows.length, "entity", "entities")}
          {query.hasNextPage && " so far"}
        </span>
        <ExportButton name="entities" rows={rows} />
      </div>
      <div className="overflow-x-auto">
        <Table
          caption="Entities"
          head={
            <>
              <Th>Entity</Th>
              <Th className="hidden sm:table-cell">Key</Th>
              <Th className="hidden md:table-cell">Tags</Th>
              <Th>State</Th>
              <Th className="hidden sm:table-cell">Changed</Th>
            </>
          }
        >
          {rows.map((row) => (
            <EntityRow key={row.id} row={row} />
          ))}
        </Table>
      </div>
      {query.hasNextPage && (
        <Button className="self-start" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}

function EntityRow({ row }: { readonly row: EntityRowDocument }) {
  return (
    <Row>
      <Td>
        <Link to="/entities/$reference" params={{ reference: row.id }} data-row className="font-medium underline-offset-2 hover:underline">
          {row.title === "" ? <span className="text-ink-3">purged</span> : row.title}
        </Link>
        <span className="block text-xs text-ink-3 sm:hidden">{row.label}</span>
      </Td>
      <Td className="hidden font-mono text-xs text-ink-3 sm:table-cell">{row.label}</Td>
      <Td className="hidden md:table-cell">
        <TagChips tags={row.tags} />
      </Td>
      <Td>
        <span className="flex items-center gap-2">
          {row.state === "active" ? <span className="text-sm text-ink-2">in use</span> : <StateMark state={row.state} />}
          {row.held && <span className="text-xs font-medium text-wait">held</span>}
        </span>
      </Td>
      <Td className="hidden text-sm text-ink-2 sm:table-cell">
        <Ago atMs={row.updatedAtMs} />
      </Td>
    </Row>
  );
}
