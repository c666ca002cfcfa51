import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { EmbeddingsSection } from "../gate/embeddings-section.tsx";
import { AddModel } from "../gate/models-add.tsx";
import { ModelChains } from "../gate/models-chain.tsx";
import { ModelCard } from "../gate/models-card.tsx";
import { providersQuery } from "../gate/models-data.ts";

/** Which models may do work, in which order they are asked, and what may be sent to them. */
export function Panel() {
  if (useMoment() !== null) return <EmptyState>Which models are connected is told for now only. Go back to now to see it.</EmptyState>;
  return <Now />;
}

function Now() {
  const providers = useQuery(providersQuery);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        Models do tasks of personas that name them. They are asked in this order: when one does not answer, the next one is. Before each
        call its most is taken out of the budgets; a hosted model needs its price under Budgets first. What a model makes is judged by a
        person until its persona has shown that it can do the work. Without a model, work is done by people and by rules.
      </p>
      <Loaded query={providers} rows={3}>
        {(known) => (
          <>
            <Section title="Model providers" bare>
              {known.items.length === 0 && !adding && (
                <EmptyState>
                  No model is connected, and none is needed. Ollama or LM Studio on the server's machine, or a hosted vendor with your key,
                  can be connected here.
                </EmptyState>
              )}
              {known.items.map((provider) => (
                <ModelCard key={provider.id} provider={provider} known={known} />
              ))}
              {known.mayChange ? (
                adding ? (
                  <AddModel known={known} onDone={() => setAdding(false)} />
                ) : (
                  <Button className="mt-3 self-start" onClick={() => setAdding(true)}>
                    Connect a model
                  </Button>
                )
              ) : (
                <p className="pt-3 text-sm text-ink-3">An administrator or director connects models.</p>
              )}
            </Section>
            {known.items.length > 0 && <ModelChains known={known} />}
            {known.items.length > 0 && <EmbeddingsSection />}
          </>
        )}
      </Loaded>
    </>
  );
}
