import { useQuery } from "@tanstack/react-query";
import type { PersonaLibrary } from "../../../../contract/persona-contract.ts";
import { PerformerName } from "../../marks/performer-name.tsx";
import { meQuery, personasQuery } from "../../queries.ts";
import { Page, PageHead } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText, moneyText, plainWords } from "../../shell/words.ts";

const head = "px-2 py-1.5 text-left text-xs font-medium text-ink-3 first:pl-0 last:pr-0";
const cell = "px-2 py-1.5 align-top text-sm first:pl-0 last:pr-0";

/** Who can do what, beside the people: workers described as data. */
export function PersonasPage() {
  const query = useQuery(personasQuery);
  const currency = useQuery(meQuery).data?.organization.currency ?? "EUR";
  return (
    <Page title="Personas">
      <PageHead
        title="Personas"
        answer={
          query.data === undefined
            ? null
            : `${countText(Object.keys(query.data.persona_library).length, "persona")}. A persona says what a worker knows and may use; a person, rules or a model does its work.`
        }
      />
      <Loaded query={query}>
        {(library) =>
          Object.keys(library.persona_library).length === 0 ? (
            <EmptyState>No persona is known. Import a library with: xvc persona add FILE.</EmptyState>
          ) : (
            <PersonaTable library={library.persona_library} currency={currency} />
          )
        }
      </Loaded>
    </Page>
  );
}

function PersonaTable({ library, currency }: { readonly library: PersonaLibrary["persona_library"]; readonly currency: string }) {
  return (
    <table className="w-full">
      <caption className="sr-only">Personas</caption>
      <thead>
        <tr className="border-b border-line-strong">
          <th scope="col" className={head}>
            Persona
          </th>
          <th scope="col" className={head}>
            Knows
          </th>
          <th scope="col" className={`${head} max-md:hidden`}>
            Tools
          </th>
          <th scope="col" className={`${head} max-sm:hidden`}>
            Done by
          </th>
          <th scope="col" className={`${head} text-right`}>
            Per hour
          </th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(library).map(([key, persona]) => (
          <tr key={key} data-row tabIndex={-1} className="border-b border-line hover:bg-wash">
            <th scope="row" className={`${cell} text-left font-normal`}>
              <PerformerName kind="persona" name={key} />
              <span className="block pl-5.5 text-xs text-ink-3">{plainWords(persona.worldview)}</span>
            </th>
            <td className={`${cell} text-ink-2`}>{persona.specializations.map(plainWords).join(", ")}</td>
            <td className={`${cell} text-ink-2 max-md:hidden`}>{persona.tools.map(plainWords).join(", ")}</td>
            <td className={`${cell} text-ink-2 max-sm:hidden`}>{(persona.executors ?? []).join(", then ")}</td>
            <td className={`${cell} text-right whitespace-nowrap`}>
              {persona.costPerHourMicro === undefined || persona.costPerHourMicro === 0
                ? "–"
                : moneyText(persona.costPerHourMicro, currency)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
