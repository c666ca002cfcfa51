import { useQuery } from "@tanstack/react-query";
import { personasQuery } from "../../queries.ts";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";

/** Which models and coding agents may do work. None can be connected yet, and the page says what works without one. */
export function Panel() {
  const personas = useQuery(personasQuery);
  return (
    <>
      <EmptyState>
        Models and coding agents cannot be connected yet. When they can, each one stands here with its address, its limits, a test button
        and the last result. Until then work is done by people and by rules, and no key is needed.
      </EmptyState>
      <Loaded query={personas} rows={2}>
        {(library) => <Waiting executors={Object.values(library.persona_library).map((persona) => persona.executors ?? [])} />}
      </Loaded>
    </>
  );
}

function Waiting({ executors }: { readonly executors: readonly (readonly string[])[] }) {
  const wanting = executors.filter((chain) => chain.some((kind) => kind === "model" || kind === "agent" || kind === "remote")).length;
  return (
    <p className="max-w-[75ch] text-sm text-ink-2">
      {wanting === 0
        ? `None of the ${countText(executors.length, "persona")} in the library asks for a model or an agent.`
        : `${wanting} of ${countText(executors.length, "persona")} name a model or an agent; their work goes to the next executor they name.`}
    </p>
  );
}
