import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ContextDocument, ContextRow } from "../../../../contract/context-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { taskContextQuery } from "./task-queries.ts";

/** What a task's performer is told, with the reason of each piece; read when it is opened. */
export function TaskContext({ reference, mine }: { readonly reference: string; readonly mine: boolean }) {
  const [open, setOpen] = useState(mine);
  const query = useQuery({ ...taskContextQuery(reference), enabled: open });
  return (
    <Section title={mine ? "What you were given and why" : "What its performer is given and why"}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="min-h-6 cursor-pointer text-sm text-ink-2">
          {query.data === undefined ? "Show the pieces" : `${countText(told(query.data).length, "piece")}, ${tokensText(query.data)}`}
        </summary>
        {open && (
          <Loaded query={query} rows={5}>
            {(context) => <Pieces context={context} />}
          </Loaded>
        )}
      </details>
    </Section>
  );
}

/** What was kept when work began; without that, what would be told now. */
const rowsOf = ({ given, rows }: ContextDocument): readonly ContextRow[] => given?.rows ?? rows;
const told = (context: ContextDocument): readonly ContextRow[] => rowsOf(context).filter((row) => row.state !== "left-out");

function tokensText({ given, tokens, budgetTokens }: ContextDocument): string {
  const shown = given === null || given.rows === null ? { tokens, budgetTokens } : given;
  return `about ${shown.tokens} of ${shown.budgetTokens} tokens`;
}

const kindNames: { readonly [kind in ContextRow["kind"]]: string } = {
  brief: "Brief",
  task: "Task",
  criteria: "Criteria",
  objective: "Objective",
  decision: "Decision",
  principle: "Principle",
  input: "Input",
  upstream: "Work before",
  fact: "Fact",
  pitfall: "Pitfall",
  similar: "Similar work",
};

function Pieces({ context }: { readonly context: ContextDocument }) {
  const { given } = context;
  const rows = rowsOf(context);
  const left = rows.filter((row) => row.state === "left-out");
  const leftOut = given === null || given.rows === null ? context.leftOut : given.leftOut;
  // Texts are not kept with the manifest: they are read again, and shown where they are the same ones.
  const texts = given === null || given.same ? new Map(context.pieces.map((piece) => [piece.id, piece.text])) : new Map<string, string>();
  return (
    <div className="flex flex-col gap-2 pt-2 text-sm">
      <p className="text-ink-3">
        <Standing given={given} /> Tokens are an estimate: one for four characters.
      </p>
      <ul className="flex flex-col">
        {told(context).map((row) => (
          <PieceRow key={row.id} row={row} text={texts.get(row.id)} />
        ))}
      </ul>
      {leftOut > 0 && (
        <details>
          <summary className="min-h-6 cursor-pointer text-ink-2">{countText(leftOut, "piece")} left out</summary>
          <ul className="flex flex-col">
            {left.map((row) => (
              <PieceRow key={row.id} row={row} text={undefined} />
            ))}
          </ul>
          {left.length < leftOut && <p className="text-ink-3">{leftOut - left.length} more are not listed here.</p>}
        </details>
      )}
      <details>
        <summary className="min-h-6 cursor-pointer text-ink-2">What was looked through</summary>
        <ul className="list-disc pl-5 text-ink-3">
          {context.looked.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function Standing({ given }: Pick<ContextDocument, "given">) {
  if (given === null) return <>Nothing was kept yet: this is what would be told now.</>;
  return (
    <>
      Kept when attempt {given.number} began, <Ago atMs={given.atMs} />.{" "}
      {given.rows === null
        ? "Its list is not here any more; this is what would be told now."
        : given.same
          ? "The same would be told now."
          : "What would be told now differs: the record has grown since."}
    </>
  );
}

function PieceRow({ row, text }: { readonly row: ContextRow; readonly text: string | undefined }) {
  return (
    <li className="flex flex-col gap-0.5 border-b border-line py-2 last:border-0">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-ink-3">{kindNames[row.kind]}</span>
        <span className="min-w-0 font-medium break-words">{row.title}</span>
        <span className="text-ink-3 tabular-nums">{row.tokens} tokens</span>
        {row.pinned && <span className="text-ink-3">always told</span>}
      </p>
      <p className="text-ink-2">
        {row.reason} {row.why}
      </p>
      {text !== undefined && text !== "" && (
        <details>
          <summary className="min-h-6 cursor-pointer text-ink-3">Read it</summary>
          <p className="max-w-[75ch] break-words whitespace-pre-wrap text-ink-2">{text}</p>
        </details>
      )}
    </li>
  );
}
