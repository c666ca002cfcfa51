import { queryOptions, useQuery } from "@tanstack/react-query";
import type { TurnDocument, TurnsDocument } from "../../../../contract/provider-contract.ts";
import { call } from "../../api.ts";
import { useWords } from "../../live-words.ts";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { countText, durationText, instantText, moneyText } from "../../shell/words.ts";

export const turnsQuery = (reference: string) =>
  queryOptions({
    queryKey: ["turns", reference],
    queryFn: () => call<TurnsDocument>("GET", `/api/tasks/${encodeURIComponent(reference)}/turns`),
  });

/** What a model said, called and cost while it does a task, the newest first; it grows while the page is open. */
export function TaskTurns({ reference }: { readonly reference: string }) {
  const turns = useQuery(turnsQuery(reference));
  return (
    <Loaded query={turns} rows={3}>
      {(known) => (
        <Section title="Turns of the model" aside={totalText(known)}>
          {known.nextTryAtMs !== null && (
            <p className="text-sm text-wait">
              It goes on at {instantText(known.nextTryAtMs)}. {known.restReason ?? "Nobody answered."}
            </p>
          )}
          <ol aria-label="Turns, the newest first" className="flex flex-col gap-3">
            {known.items.map((turn) => (
              <TurnRow key={turn.id} turn={turn} currency={known.currency} />
            ))}
          </ol>
        </Section>
      )}
    </Loaded>
  );
}

const totalText = ({ items, currency }: TurnsDocument): string =>
  `${countText(items.length, "turn")}, ${moneyText(
    items.reduce((sum, { costMicro }) => sum + costMicro, 0),
    currency,
  )} booked`;

const purposes: { readonly [purpose in TurnDocument["purpose"]]: string } = {
  interpret: "says what it understood",
  work: "works",
  repair: "repairs its answer",
};

const states: { readonly [state in TurnDocument["state"]]: string } = {
  asked: "is being asked",
  answered: "",
  failed: "did not answer",
  lost: "was lost with its worker",
};

const tokenText = (count: number | null): string => (count === null ? "unknown" : String(count));

const sources: { readonly [source in TurnDocument["route"]["source"]]: string } = {
  persona: "the persona's chain",
  project: "the project's chain",
  organization: "the organization's chain",
  order: "the order of the providers",
};

/** Why it is not the first one; nothing where it is. */
function Route({ route }: { readonly route: TurnDocument["route"] }) {
  const { source, place, of, over } = route;
  if (over.length === 0) return null;
  return (
    <p className="break-words text-ink-2">
      Model {place} of {of} in {sources[source]}:{" "}
      {over.map(({ model, rule, message }) => `${model} ${ruleWords[rule]} (${message})`).join("; ")}
    </p>
  );
}

const ruleWords: { readonly [rule in TurnDocument["route"]["over"][number]["rule"]]: string } = {
  unavailable: "did not answer",
  "rate-limited": "was asked too often",
  "window-full": "has no room in its window",
  "content-refused": "refused the content",
  "context-too-large": "takes no conversation as large",
  "not-usable": "cannot be used",
  "not-allowed": "may not be sent this project",
};

/** What it says right now. Not read out word by word: the turn is told when it has ended. */
function Words({ turnId }: { readonly turnId: string }) {
  const { text, calling } = useWords(turnId);
  if (text === "" && calling === "") return <p className="text-ink-3">Nothing was said yet.</p>;
  return (
    <>
      <pre
        aria-label="What it says now"
        className="mt-1 max-h-72 overflow-auto rounded bg-wash p-2 text-xs break-words whitespace-pre-wrap"
      >
        {text}
      </pre>
      {calling !== "" && (
        <p className="text-ink-2">
          is about to call <code>{calling}</code>
        </p>
      )}
    </>
  );
}

function TurnRow({ turn, currency }: { readonly turn: TurnDocument; readonly currency: string }) {
  const took = turn.endedAtMs === null ? "" : `, ${durationText(turn.endedAtMs - turn.askedAtMs)}`;
  return (
    <li className="border-l-2 border-line pl-3 text-sm">
      <p className="text-ink-2">
        <span className="font-medium text-ink">Turn {turn.number}</span> {states[turn.state] || purposes[turn.purpose]}
        <span className="text-ink-3">
          {" "}
          {turn.provider}/{turn.model}
          {took}, tokens in {tokenText(turn.inputTokens)}, out {tokenText(turn.outputTokens)}, {moneyText(turn.costMicro, currency)}
        </span>
      </p>
      <Route route={turn.route} />
      {turn.failure !== null && <p className="text-bad">{turn.failure}</p>}
      {turn.state === "asked" && <Words turnId={turn.id} />}
      {turn.said !== "" && (
        <details>
          <summary className="cursor-pointer text-ink-3">What it said</summary>
          <pre className="mt-1 max-h-72 overflow-auto rounded bg-wash p-2 text-xs break-words whitespace-pre-wrap">{turn.said}</pre>
        </details>
      )}
      {turn.calls.map((one, at) => (
        <p key={`${one.tool} ${String(at)}`} className="break-words text-ink-2">
          calls <code>{one.tool}</code>: {one.answer} <span className="text-ink-3">{one.text}</span>
        </p>
      ))}
    </li>
  );
}
