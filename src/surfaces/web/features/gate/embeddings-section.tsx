import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { EmbeddingsDocument } from "../../../../contract/embedding-contract.ts";
import { call } from "../../api.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { ShareBar } from "../requests/share-bar.tsx";
import { countText, instantText, moneyText } from "../../shell/words.ts";

const lookAgainMs = 10_000;

const embeddingsQuery = queryOptions({
  queryKey: ["embeddings"],
  queryFn: () => call<EmbeddingsDocument>("GET", "/api/embeddings"),
  // While vectors are made the count grows.
  refetchInterval: ({ state: { data } }) => {
    const chosen = data?.chosen ?? null;
    return chosen === null || waiting(chosen) === 0 ? false : lookAgainMs;
  },
});

type Chosen = NonNullable<EmbeddingsDocument["chosen"]>;

const waiting = ({ texts, vectors, refused }: Chosen): number => texts - vectors - refused;

function useEmbeddingAct(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }: { readonly path: string; readonly body: object }) => call<object>("POST", `/api/embeddings${path}`, body),
    onSettled: () => client.invalidateQueries({ queryKey: embeddingsQuery.queryKey }),
    onSuccess: onDone,
  });
}

/** Which model makes vectors for the search, how far it is and what it cost. */
export function EmbeddingsSection() {
  const known = useQuery(embeddingsQuery);
  const [choosing, setChoosing] = useState(false);
  const act = useEmbeddingAct(() => setChoosing(false));
  return (
    <Section title="Search by meaning" bare>
      <p className="max-w-[75ch] text-sm text-ink-2">
        A model of embeddings turns texts into vectors, so that the search also finds what has none of the words. Without one it goes by
        words, their forms, and words that look alike.
      </p>
      <Loaded query={known} rows={2}>
        {(document) => (
          <div className="flex flex-col gap-3 pt-3">
            {document.chosen === null ? (
              <p className="text-sm">No model makes vectors.</p>
            ) : (
              <Progress known={document} chosen={document.chosen} />
            )}
            {document.mayChange && document.providers.length > 0 && (
              <div className="flex flex-wrap gap-2">
                <Button aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
                  {document.chosen === null ? "Choose a model for vectors" : "Choose another model for vectors"}
                </Button>
                {document.chosen !== null && (
                  <Button disabled={act.isPending} onClick={() => act.mutate({ path: "/off", body: {} })}>
                    Search by words alone
                  </Button>
                )}
              </div>
            )}
            {choosing && <ChooseForm known={document} onSend={(body) => act.mutate({ path: "", body })} />}
            <ActError error={act.error} />
          </div>
        )}
      </Loaded>
    </Section>
  );
}

function shareText(chosen: Chosen): string {
  const { texts, vectors, refused } = chosen;
  const left = waiting(chosen);
  const parts = [left > 0 ? `, still to come: ${String(left)}` : "", refused > 0 ? `, not taken by the model: ${String(refused)}` : ""];
  return `Texts with a vector: ${String(vectors)} of ${String(texts)}${parts.join("")}.`;
}

function Progress({ known, chosen }: { readonly known: EmbeddingsDocument; readonly chosen: Chosen }) {
  const { provider, model, texts, vectors, refused, projects, otherProjects, local, paused, failure, restUntilMs, costMicro } = chosen;
  return (
    <div className="flex max-w-[75ch] flex-col gap-1 text-sm">
      <p>
        <span className="font-medium">{model}</span> of {provider}
        {local ? ", local: nothing leaves the house" : `: texts of ${countText(projects, "project")} are sent there`}
        {otherProjects > 0 && `, those of ${String(otherProjects)} more are not`}
        {paused && "; the provider is paused, so nothing is asked"}.
      </p>
      <div role="status">
        <ShareBar
          done={vectors + refused}
          of={texts}
          title="Present texts that have a vector, or that the model does not take"
          text={shareText(chosen)}
        />
      </div>
      <p>
        Cost since {instantText(chosen.chosenAtMs)}: {moneyText(costMicro, known.currency)}.
      </p>
      {failure !== null && (
        <p className="text-bad">
          {failure.message} <span className="text-ink-3">{instantText(failure.atMs)}</span>
          {restUntilMs !== null && ` It is asked again at ${instantText(restUntilMs)}.`}
        </p>
      )}
      {texts > known.mostCompared && <p className="text-ink-3">One search compares the latest {known.mostCompared} of them.</p>}
    </div>
  );
}

function ChooseForm({ known, onSend }: { readonly known: EmbeddingsDocument; readonly onSend: (body: object) => void }) {
  const [draft, setDraft] = useState({
    provider: known.chosen?.provider ?? known.providers[0] ?? "",
    model: known.chosen?.model ?? "",
    anew: false,
  });
  const isSame = known.chosen?.provider === draft.provider && known.chosen.model === draft.model.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSend({ ...draft, model: draft.model.trim(), anew: draft.anew && isSame });
  };
  return (
    <form onSubmit={send} className="flex max-w-xl flex-col gap-3 rounded border border-line p-3">
      <SelectField label="Provider" value={draft.provider} onChange={(event) => setDraft({ ...draft, provider: event.target.value })}>
        {known.providers.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Model of embeddings"
        required
        maxLength={120}
        placeholder="nomic-embed-text"
        hint="A hosted one needs its price under Budgets, and each project has to be allowed to be sent there."
        value={draft.model}
        onChange={(event) => setDraft({ ...draft, model: event.target.value })}
      />
      {isSame && (
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4"
            checked={draft.anew}
            onChange={(event) => setDraft({ ...draft, anew: event.target.checked })}
          />
          Make every vector anew, at its price
        </label>
      )}
      <Button type="submit" tone="accent" className="self-start">
        Make vectors with it
      </Button>
    </form>
  );
}
