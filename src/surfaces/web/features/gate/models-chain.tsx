import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ModelChainsDocument } from "../../../../contract/model-chain-contract.ts";
import type { ProvidersDocument } from "../../../../contract/provider-contract.ts";
import { call } from "../../api.ts";
import { meQuery } from "../../queries.ts";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { titleWords } from "../../shell/words.ts";

const chainsQuery = queryOptions({
  queryKey: ["model-chains"],
  queryFn: () => call<ModelChainsDocument>("GET", "/api/model-chains"),
});

/** Chains that somebody said, and the rules by which the next model is asked. */
export function ModelChains({ known }: { readonly known: ProvidersDocument }) {
  const chains = useQuery(chainsQuery);
  const [isOpen, setOpen] = useState(false);
  return (
    <Loaded query={chains} rows={2}>
      {({ items, rules }) => (
        <Section title="Order of asking">
          {items.length === 0 ? (
            <p className="text-sm text-ink-2">Nobody has said another order: the first model of each provider above is asked, in turn.</p>
          ) : (
            <ul className="flex flex-col gap-1 text-sm">
              {items.map(({ scope, key, links }) => (
                <li key={`${scope} ${key}`} className="break-words">
                  <span className="text-ink-3">{whose(scope, key)}:</span> {links.join(", then ")}
                </li>
              ))}
            </ul>
          )}
          <details className="text-sm">
            <summary className="cursor-pointer text-ink-3">When the next one is asked</summary>
            <ul className="list-disc pl-5">
              {rules.map(({ rule, says }) => (
                <li key={rule}>{says}</li>
              ))}
            </ul>
          </details>
          {known.mayChange && known.items.length > 0 && (
            <Button className="self-start" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
              Set an order
            </Button>
          )}
          {isOpen && <ChainForm known={known} chains={items} onDone={() => setOpen(false)} />}
        </Section>
      )}
    </Loaded>
  );
}

const whose = (scope: ModelChainsDocument["items"][number]["scope"], key: string): string =>
  scope === "organization" ? "Everywhere" : scope === "project" ? `Project ${key}` : titleWords(key);

const linesOf = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

interface FormProps {
  readonly known: ProvidersDocument;
  readonly chains: ModelChainsDocument["items"];
  readonly onDone: () => void;
}

function ChainForm({ known, chains, onDone }: FormProps) {
  const me = useQuery(meQuery);
  const client = useQueryClient();
  const [said, setSaid] = useState({
    of: "",
    links: chains.find(({ scope }) => scope === "organization")?.links.join("\n") ?? "",
    reason: "",
  });
  const send = useMutation({
    mutationFn: (body: object) => call<object>("POST", "/api/model-chains", body),
    onSettled: () => client.invalidateQueries({ queryKey: chainsQuery.queryKey }),
    onSuccess: onDone,
  });
  const projects = (me.data?.projects ?? []).filter(({ mode, state }) => mode === "real" && state === "active");
  const choose = (of: string) => {
    const chain = chains.find(({ scope, key }) => (of === "" ? scope === "organization" : scope === "project" && key === of));
    setSaid({ ...said, of, links: chain?.links.join("\n") ?? "" });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({
      scope: said.of === "" ? "organization" : "project",
      links: linesOf(said.links),
      reason: said.reason,
      ...(said.of === "" ? {} : { of: said.of }),
    });
  };
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-3 rounded border border-line p-3">
      <SelectField label="For" value={said.of} onChange={(event) => choose(event.target.value)}>
        <option value="">Everywhere</option>
        {projects.map(({ key, name }) => (
          <option key={key} value={key}>
            {key}: {name}
          </option>
        ))}
      </SelectField>
      <TextArea
        label="Models, one a line, the first one asked first"
        hint={`Such as ${known.items.flatMap(({ name, models }) => models.map((model) => `${name}/${model}`))[0] ?? ""}. Empty: nothing is said here.`}
        rows={4}
        value={said.links}
        onChange={(event) => setSaid({ ...said, links: event.target.value })}
      />
      <TextField
        label="Why"
        required
        maxLength={4_000}
        hint="It goes on record."
        value={said.reason}
        onChange={(event) => setSaid({ ...said, reason: event.target.value })}
      />
      <Button type="submit" tone="accent" className="self-start" disabled={send.isPending}>
        Ask in this order
      </Button>
      <ActError error={send.error} />
    </form>
  );
}
