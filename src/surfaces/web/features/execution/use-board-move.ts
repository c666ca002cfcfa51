import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { BoardCard, BoardColumnName, BoardDocument } from "../../../../contract/task-contract.ts";
import { api, refusalOf, type BoardSearch } from "../../api.ts";
import { meQuery } from "../../queries.ts";
import { announce } from "../../shell/announce.tsx";
import { toast } from "../../shell/toast.ts";
import { afterMove, type BoardMove, columnNames } from "./board-moves.ts";
import { boardKey } from "./task-queries.ts";

type Command = Extract<BoardMove, { readonly kind: "command" }>;

interface Asked {
  readonly card: BoardCard;
  readonly to: BoardColumnName;
  readonly command: Command;
  /** It takes another move back, so it offers no way back itself. */
  readonly isUndo: boolean;
}

const opposite = { claim: "release", release: "claim" } as const;

/** Moves a card at once on screen; what the server refuses goes back and is said. */
export function useBoardMove(search: BoardSearch) {
  const client = useQueryClient();
  const key = boardKey(search);
  const run = useMutation({
    mutationFn: ({ card, command }: Asked) => api.actOnTask(card.label, command.action, ""),
    onMutate: async ({ card, to, command }) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<BoardDocument>(key);
      const me = client.getQueryData(meQuery.queryKey)?.person.name ?? null;
      if (before !== undefined && command.reversible)
        client.setQueryData(key, afterMove(before, card.id, { to, performer: command.action === "claim" ? me : null }));
      return { before };
    },
    onError: (error, { card }, kept) => {
      if (kept?.before !== undefined) client.setQueryData(key, kept.before);
      toast({ message: `${card.label} stays where it was: ${refusalOf(error).message}`, tone: "bad" });
    },
    onSuccess: (_, { card, to, command, isUndo }) => {
      announce(`${card.title}: ${columnNames[to]}.`);
      const { action } = command;
      if (action === "retry") toast({ message: `${card.label} is tried again.` });
      else if (isUndo) toast({ message: `${card.label} is as it was.` });
      else
        toast({
          message: action === "claim" ? `${card.label} is yours.` : `${card.label} is given back.`,
          undo: () =>
            run.mutate({
              card,
              to: action === "claim" ? "ready" : "working",
              command: { kind: "command", action: opposite[action], reversible: true },
              isUndo: true,
            }),
        });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["tasks"] }),
  });
  return (card: BoardCard, to: BoardColumnName, command: Command) => run.mutate({ card, to, command, isUndo: false });
}
