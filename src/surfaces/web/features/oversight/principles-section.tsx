import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { PrincipleDocument } from "../../../../contract/principle-contract.ts";
import { Button, TextArea } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { countText, dayText, plainWords } from "../../shell/words.ts";
import { addPrinciple, principlesQuery, revisePrinciple, withdrawPrinciple } from "./objectives-data.ts";
import { ActForm } from "./objectives-forms.tsx";

type Writing = { readonly kind: "add" } | { readonly kind: "revise" | "withdraw"; readonly principle: PrincipleDocument };

/** What the organization stands for. People alone write it; earlier wordings stay readable. */
export function PrinciplesSection() {
  const query = useQuery(principlesQuery);
  const [writing, setWriting] = useState<Writing | null>(null);
  const inForce = query.data?.items.filter((one) => one.state === "in-force") ?? [];
  const past = query.data?.items.filter((one) => one.state !== "in-force") ?? [];
  return (
    <div id="principles">
      <Section
        title="Principles"
        aside={
          query.data?.mayWrite === true && (
            <Button tone="quiet" onClick={() => setWriting({ kind: "add" })}>
              Write a principle
            </Button>
          )
        }
      >
        <Loaded query={query} rows={2}>
          {(page) => (
            <>
              <InForce principles={inForce} mayWrite={page.mayWrite} onWrite={setWriting} />
              <Earlier principles={past} />
            </>
          )}
        </Loaded>
      </Section>
      {writing !== null && <PrincipleForm writing={writing} onClose={() => setWriting(null)} />}
    </div>
  );
}

interface InForceProps {
  readonly principles: readonly PrincipleDocument[];
  readonly mayWrite: boolean;
  readonly onWrite: (writing: Writing) => void;
}

const InForce = ({ principles, mayWrite, onWrite }: InForceProps) => (
  <>
    {principles.length === 0 && (
      <p className="text-sm text-ink-2">
        None is in force. An administrator or director writes them; no persona and no part of the system can.
      </p>
    )}
    <ol className="flex flex-col">
      {principles.map((one) => (
        <li key={one.id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1 border-b border-line py-2.5">
          <div className="flex max-w-[75ch] min-w-0 flex-col">
            <p className="font-medium">
              <span className="font-mono text-xs font-normal text-ink-3">{one.label}</span> {one.statement}
            </p>
            {one.explanation !== "" && <p className="text-sm whitespace-pre-wrap text-ink-2">{one.explanation}</p>}
            <p className="text-xs text-ink-3">
              {one.writtenBy.name}, {dayText(one.writtenAtMs)}
            </p>
          </div>
          {mayWrite && (
            <span className="no-print flex gap-1">
              <Button tone="quiet" aria-label={`Revise ${one.label}`} onClick={() => onWrite({ kind: "revise", principle: one })}>
                Revise
              </Button>
              <Button tone="quiet" aria-label={`Withdraw ${one.label}`} onClick={() => onWrite({ kind: "withdraw", principle: one })}>
                Withdraw
              </Button>
            </span>
          )}
        </li>
      ))}
    </ol>
  </>
);

function Earlier({ principles }: { readonly principles: readonly PrincipleDocument[] }) {
  if (principles.length === 0) return null;
  return (
    <details className="mt-2 text-sm">
      <summary className="min-h-6 cursor-pointer text-ink-2">{countText(principles.length, "earlier wording")}</summary>
      <ul className="mt-1 flex flex-col gap-1">
        {principles.map((one) => (
          <li key={one.id}>
            <span className="font-mono text-xs">{one.label}</span> {one.statement}{" "}
            <span className="text-ink-3">{plainWords(one.state)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

const titles = { add: "Write a principle", revise: "Put another wording in its place", withdraw: "Withdraw this principle" } as const;

function PrincipleForm({ writing, onClose }: { readonly writing: Writing; readonly onClose: () => void }) {
  const before = writing.kind === "add" ? { statement: "", explanation: "" } : writing.principle;
  const [statement, setStatement] = useState(before.statement);
  const [explanation, setExplanation] = useState(before.explanation);
  const [reason, setReason] = useState("");
  const isWithdrawal = writing.kind === "withdraw";
  const isChanged = statement.trim() !== before.statement || explanation.trim() !== before.explanation;
  return (
    <ActForm
      title={titles[writing.kind]}
      act={isWithdrawal ? "Withdraw it" : "Put it in force"}
      said="It is recorded."
      ready={isWithdrawal || (isChanged && statement.trim() !== "")}
      send={() => sendWriting(writing, { statement, explanation, reason })}
      onClose={onClose}
    >
      {isWithdrawal ? (
        <p>{before.statement}</p>
      ) : (
        <>
          <TextArea
            label="Principle, in one sentence"
            rows={2}
            maxLength={500}
            className="min-h-14"
            value={statement}
            onChange={(event) => setStatement(event.target.value)}
          />
          <TextArea
            label="What it means (optional)"
            rows={3}
            maxLength={4_000}
            value={explanation}
            onChange={(event) => setExplanation(event.target.value)}
          />
        </>
      )}
      {writing.kind !== "add" && (
        <TextArea
          label="Reason"
          hint="Kept with it."
          rows={2}
          className="min-h-14"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
    </ActForm>
  );
}

interface Wording {
  readonly statement: string;
  readonly explanation: string;
  readonly reason: string;
}

function sendWriting(writing: Writing, { statement, explanation, reason }: Wording) {
  if (writing.kind === "add") return addPrinciple({ statement, explanation });
  if (writing.kind === "revise") return revisePrinciple(writing.principle.id, { statement, explanation, reason });
  return withdrawPrinciple(writing.principle.id, reason);
}
