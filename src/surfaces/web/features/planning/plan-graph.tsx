import { Controls, type Edge, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { twMerge } from "tailwind-merge";
import type { PlanTaskDocument } from "../../../../contract/plan-contract.ts";
import { StateMark, stateTone } from "../../marks/state-mark.tsx";
import { titleWords } from "../../shell/words.ts";
import "./plan-graph.css";
import { nodeHeight, nodeWidth, placePlan } from "./plan-layout.ts";

interface TaskNodeData extends Record<string, unknown> {
  readonly task: PlanTaskDocument;
  readonly state: string;
  readonly selected: boolean;
  readonly critical: boolean;
  readonly onSelect: (task: string) => void;
}

type TaskNode = Node<TaskNodeData, "task">;

const toneBorder = {
  idle: "border-line-strong",
  accent: "border-accent",
  good: "border-good",
  wait: "border-wait",
  bad: "border-bad",
} as const;

/** A task in the graph is a button: the same choice as its row in the table. */
function TaskBox({ data }: NodeProps<TaskNode>) {
  const { task, state, selected, critical, onSelect } = data;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        aria-pressed={selected}
        onClick={() => onSelect(task.task)}
        className={twMerge(
          "nopan flex flex-col justify-center gap-0.5 rounded border border-l-4 bg-sheet px-2.5 text-left",
          toneBorder[stateTone(state)],
          selected && "bg-accent-wash ring-2 ring-accent",
        )}
        style={{ width: nodeWidth, height: nodeHeight }}
      >
        <span className="w-full truncate text-sm font-medium">
          {task.title}
          {critical && <span className="sr-only">, on the critical path</span>}
        </span>
        <span className="flex w-full items-center justify-between gap-2 text-xs">
          <span className="min-w-0 truncate text-ink-3">{titleWords(task.persona)}</span>
          <StateMark state={state} />
        </span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

const nodeTypes = { task: TaskBox };

/** A task stays a target of 24 px (WCAG 2.5.8); a larger plan is moved about instead of made smaller. */
const leastZoom = 26 / nodeHeight;

interface GraphProps {
  readonly tasks: readonly PlanTaskDocument[];
  readonly stateOf: (task: string) => string;
  readonly criticalPath: readonly string[];
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

/** The plan as layers from left to right; the critical path is the thick line. The table beside it says the same. */
export function PlanGraph({ tasks, stateOf, criticalPath, selected, onSelect }: GraphProps) {
  const plan = useMemo(() => placePlan(tasks, criticalPath), [tasks, criticalPath]);
  const nodes: readonly TaskNode[] = plan.tasks.map(({ task, x, y }) => ({
    id: task.task,
    type: "task",
    position: { x, y },
    width: nodeWidth,
    height: nodeHeight,
    data: { task, state: stateOf(task.task), selected: selected === task.task, critical: criticalPath.includes(task.task), onSelect },
  }));
  const edges: readonly Edge[] = plan.edges.map((edge) => ({
    id: `${edge.from} ${edge.to}`,
    source: edge.from,
    target: edge.to,
    className: edge.critical ? "critical" : "",
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: edge.critical ? "var(--accent)" : "var(--line-strong)" },
  }));
  return (
    <div
      className="plan-graph rounded border border-line max-sm:max-h-60"
      style={{ height: Math.min(560, Math.max(220, plan.height + 24)) }}
    >
      <ReactFlow
        nodes={[...nodes]}
        edges={[...edges]}
        nodeTypes={nodeTypes}
        aria-label="Plan as a graph; the table holds the same tasks"
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        minZoom={leastZoom}
        maxZoom={1.5}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.05 }}
      >
        <Controls showInteractive={false} position="top-right" />
      </ReactFlow>
    </div>
  );
}
