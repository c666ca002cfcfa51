import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { ConfirmDocument } from "../../../../contract/channel-contract.ts";
import { call } from "../../api.ts";
import { Button, buttonLook, TextArea } from "../../shell/controls.tsx";
import { Facts } from "../../shell/page.tsx";
import { ActError, ErrorState, Skeleton } from "../../shell/states.tsx";
import { instantText } from "../../shell/words.ts";

const confirmQuery = (token: string) =>
  queryOptions({
    queryKey: ["confirm", token],
    queryFn: () => call<ConfirmDocument>("GET", `/api/confirm/${encodeURIComponent(token)}`),
    retry: false,
  });

/** A mailed link. Opening it changes nothing: mail programs open links too. Only a press on an answer acts, once. */
export function ConfirmPage() {
  const { token = "" } = useParams({ strict: false });
  const asked = useQuery(confirmQuery(token));
  useEffect(() => {
    document.title = "Answer · xVC";
  }, []);
  return (
    <main className="mx-auto flex min-h-dvh max-w-[60ch] flex-col justify-center gap-5 px-6 py-12">
      <img src="/favicon.svg" alt="" width="36" height="36" />
      {asked.isPending && <Skeleton rows={4} />}
      {asked.isError && (
        <>
          <h1 className="text-2xl font-semibold tracking-tight">This link cannot be used</h1>
          <ErrorState error={asked.error} />
          <a href="/inbox" className={`${buttonLook({ tone: "accent" })} self-start`}>
            Open the inbox
          </a>
        </>
      )}
      {asked.data !== undefined && <Asked asked={asked.data} token={token} />}
    </main>
  );
}

function Asked({ asked, token }: { readonly asked: ConfirmDocument; readonly token: string }) {
  const [said, setSaid] = useState("");
  const answer = useMutation({
    mutationFn: ({ id, needs }: ConfirmDocument["choices"][number]) =>
      call<unknown>("POST", `/api/confirm/${encodeURIComponent(token)}`, {
        choice: id,
        ...(needs === "text" ? { value: said } : said === "" ? {} : { reason: said }),
      }),
  });
  const chosen = answer.variables?.label ?? "";
  if (answer.isSuccess)
    return (
      <div role="status" className="flex flex-col gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">Your answer is on record</h1>
        <p className="text-lg text-ink-2">
          {chosen}: {asked.title}
        </p>
        <InboxLink itemId={asked.itemId} label="See it in the inbox" />
      </div>
    );
  const isOpen = asked.state === "open" || asked.state === "delegated";
  return (
    <>
      <header className="flex flex-col gap-1">
        <p className="text-sm text-ink-3">
          {asked.requestLabel} {asked.requestTitle}
        </p>
        <h1 className="text-2xl font-semibold tracking-tight break-words">{asked.title}</h1>
      </header>
      {isOpen ? (
        <>
          {asked.detail !== "" && <p className="whitespace-pre-line break-words text-ink-2">{asked.detail}</p>}
          <Facts rows={factsOf(asked)} />
          {asked.signInReason === null ? (
            <Choices asked={asked} said={said} onSaid={setSaid} isBusy={answer.isPending} onChoose={(choice) => answer.mutate(choice)} />
          ) : (
            <>
              <p className="font-medium">{asked.signInReason}</p>
              <InboxLink itemId={asked.itemId} label="Sign in and open it" />
            </>
          )}
          <ActError error={answer.error} />
          <p className="text-xs text-ink-3">
            You answer as {asked.personName}. If that is not you, close the page: nothing has happened. The link works until{" "}
            {instantText(asked.expiresAtMs)} or until this is answered.
          </p>
        </>
      ) : (
        <>
          <p className="text-lg text-ink-2">This was already {asked.state}. Nothing is asked of you any more.</p>
          <InboxLink itemId={asked.itemId} label="See it in the inbox" />
        </>
      )}
    </>
  );
}

const factsOf = (asked: ConfirmDocument): readonly (readonly [string, string])[] => [
  ["Risk", asked.risk],
  ["Due", asked.dueAtMs === null ? "waits without a clock" : instantText(asked.dueAtMs)],
  ...(asked.dueAtMs === null
    ? []
    : [["If nobody answers", asked.defaultChoice === null ? "it stays open" : `it is answered "${asked.defaultChoice}"`] as const]),
];

const InboxLink = ({ itemId, label }: { readonly itemId: string; readonly label: string }) => (
  <a href={`/inbox?item=${itemId}`} className={`${buttonLook({ tone: "plain" })} self-start`}>
    {label}
  </a>
);

interface ChoicesProps {
  readonly asked: ConfirmDocument;
  readonly said: string;
  readonly onSaid: (text: string) => void;
  readonly isBusy: boolean;
  readonly onChoose: (choice: ConfirmDocument["choices"][number]) => void;
}

function Choices({ asked, said, onSaid, isBusy, onChoose }: ChoicesProps) {
  const asksText = asked.choices.some(({ needs }) => needs === "text");
  const isSaid = said.trim() !== "";
  return (
    <div className="flex flex-col gap-3">
      <TextArea
        label={asksText ? "Your answer" : "Reason"}
        hint={
          asked.choices.every(({ needs }) => needs === "nothing") ? "Kept with the decision; may stay empty." : "Kept with the decision."
        }
        maxLength={4_000}
        value={said}
        onChange={(event) => onSaid(event.target.value)}
      />
      <div className="flex flex-wrap gap-2">
        {asked.choices.map((choice, index) => (
          <Button
            key={choice.id}
            tone={index === 0 ? "accent" : "plain"}
            className="min-h-10 px-5 text-base"
            disabled={isBusy || (choice.needs !== "nothing" && !isSaid)}
            onClick={() => onChoose(choice)}
          >
            {choice.label}
          </Button>
        ))}
      </div>
    </div>
  );
}
