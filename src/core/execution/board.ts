import type { TaskState } from "./task.ts";

/** The columns of the board in the order of the work, each with the states it shows. Cancelled and proposed work is on no board. */
export const boardColumns = {
  waiting: ["waiting"],
  ready: ["ready", "rework"],
  working: ["assigned", "running"],
  review: ["in-review"],
  held: ["blocked", "escalated", "failed"],
  done: ["passed", "integrated"],
} as const satisfies { readonly [column: string]: readonly TaskState[] };
export type BoardColumn = keyof typeof boardColumns;

export const columnOrder = Object.keys(boardColumns) as readonly BoardColumn[]; // the keys of the constant above

/** The column a task stands in; undefined: on no board. */
export const columnOfState = (state: TaskState): BoardColumn | undefined =>
  columnOrder.find((column) => boardColumns[column].some((one) => one === state));
