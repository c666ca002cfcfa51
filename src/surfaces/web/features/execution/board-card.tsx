import { Menu } from "@base-ui/react/menu";
import { Link } from "@tanstack/react-router";
import { ArrowRightLeft } from "lucide-react";
import { useRef } from "react";
import { twMerge } from "tailwind-merge";
import type { BoardCard, BoardColumnName } from "../../../../contract/task-contract.ts";
import { RehearsalBadge } from "../../marks/rehearsal-badge.tsx";
import { RiskMark, StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { iconLinkLook } from "../../shell/controls.tsx";
import { columnOfState, columnOrder } from "../../../../core/execution/board.ts";
import { columnNames, moveTo } from "./board-moves.ts";

interface CardProps {
  readonly card: BoardCard;
  readonly onMove: (card: BoardCard, to: BoardColumnName) => void;
  readonly onGrab: (card: BoardCard | null) => void;
  readonly grabbed: boolean;
}

/** One task: what, whose, how long it has stood here. Grabbed by the pointer, or moved by its menu. */
export function TaskCard({ card, onMove, onGrab, grabbed }: CardProps) {
  return (
    <li
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", card.label);
        onGrab(card);
      }}
      onDragEnd={() => onGrab(null)}
      data-card={card.id}
      className={twMerge(
        "group flex cursor-grab flex-col gap-1 rounded border border-line bg-sheet px-2.5 py-2 active:cursor-grabbing",
        card.mine && "border-l-2 border-l-accent",
        grabbed && "opacity-50",
      )}
    >
      <div className="flex items-start gap-1">
        <Link
          to="/task/$"
          params={{ _splat: card.label }}
          data-row
          draggable={false}
          className="min-h-6 min-w-0 flex-1 text-sm leading-5 font-medium hover:underline"
        >
          {card.title}
        </Link>
        <MoveMenu card={card} onMove={onMove} />
      </div>
      <p className="flex items-center gap-2 text-xs text-ink-3">
        <span className="id min-w-0 truncate" title={`${card.label}: ${card.requestTitle}`}>
          {card.label.split("/")[0]}
        </span>
        <span className="ml-auto whitespace-nowrap">{card.rehearsal ? <RehearsalBadge /> : <Ago atMs={card.stateSinceMs} />}</span>
      </p>
      <p className="flex flex-wrap items-center gap-x-3 text-xs">
        <StateMark state={card.state} className="text-xs" />
        {card.performer !== null && <span className="min-w-0 truncate text-ink-2">{card.performer}</span>}
        {card.risk !== "low" && <RiskMark risk={card.risk} />}
        {card.round > 1 && <span className="text-ink-3">round {card.round}</span>}
      </p>
      {card.blockedBy !== null && <p className="text-xs text-wait">{card.blockedBy}</p>}
    </li>
  );
}

const itemLook =
  "flex min-h-8 cursor-default flex-col items-start justify-center rounded px-2 py-1 text-sm outline-none data-highlighted:bg-wash data-disabled:text-ink-3";

/** Every column as a choice; one that is not possible stands there with its reason. */
function MoveMenu({ card, onMove }: Pick<CardProps, "card" | "onMove">) {
  const trigger = useRef<HTMLButtonElement>(null);
  const here = columnOfState(card.state);
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        ref={trigger}
        aria-label={`Move ${card.title} to`}
        data-move={card.id}
        className={twMerge(iconLinkLook, "size-6 shrink-0")}
      >
        <ArrowRightLeft size={13} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="z-30">
          <Menu.Popup className="max-h-[60vh] w-72 overflow-y-auto rounded-md bg-sheet p-1 shadow-float outline-none">
            {columnOrder
              .filter((column) => column !== here)
              .map((column) => {
                const move = moveTo(card, column);
                return (
                  <Menu.Item key={column} disabled={move.kind === "none"} className={itemLook} onClick={() => onMove(card, column)}>
                    <span>
                      {columnNames[column]}
                      {move.kind === "command" && <span className="text-ink-3">: {moveWords[move.action]}</span>}
                      {move.kind === "form" && <span className="text-ink-3">: hand it in</span>}
                    </span>
                    {move.kind === "none" && <span className="text-xs">{move.why}</span>}
                  </Menu.Item>
                );
              })}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

const moveWords = { claim: "claim it", release: "give it back", retry: "try again" } as const;
