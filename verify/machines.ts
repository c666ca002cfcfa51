/** The state machines as the design states them, written down a second time on purpose: two lists that must agree catch a slip in either. */

type Edges = { readonly [state: string]: readonly string[] };

export interface Machine {
  /** States in which a row may be born. */
  readonly born: readonly string[];
  readonly edges: Edges;
}

const attemptEnds = ["submitted", "asked", "failed", "timed-out", "cancelled"];

const liveRequest: Edges = {
  submitted: ["analysing"],
  analysing: ["needs-input", "planning"],
  "needs-input": ["analysing", "planning"],
  planning: ["awaiting-approval", "needs-input"],
  "awaiting-approval": ["active", "planning", "rejected"],
  active: ["integrating", "awaiting-approval"],
  integrating: ["delivered", "active"],
};

const request: Edges = {
  ...Object.fromEntries(Object.entries(liveRequest).map(([state, next]) => [state, [...next, "cancelled", "paused"]])),
  paused: [...Object.keys(liveRequest), "cancelled"],
  delivered: ["closed", "active"],
  closed: ["active"],
  rejected: [],
  cancelled: [],
};

const task: Edges = {
  proposed: ["waiting", "ready", "cancelled"],
  waiting: ["ready", "blocked", "cancelled"],
  ready: ["assigned", "blocked", "cancelled"],
  assigned: ["running", "ready", "blocked", "cancelled"],
  running: ["in-review", "rework", "ready", "blocked", "escalated", "failed", "cancelled"],
  "in-review": ["passed", "rework", "escalated", "blocked", "cancelled"],
  rework: ["ready", "waiting", "cancelled"],
  blocked: ["ready", "waiting", "cancelled"],
  escalated: ["ready", "passed", "failed", "cancelled"],
  passed: ["integrated", "rework"],
  integrated: ["rework"],
  failed: ["ready", "cancelled"],
  cancelled: [],
};

export const machines: { readonly [kind: string]: Machine } = {
  request: { born: ["submitted"], edges: request },
  plan: {
    born: ["proposed"],
    edges: { proposed: ["approved", "rejected", "superseded"], approved: ["superseded"], rejected: [], superseded: [] },
  },
  task: { born: ["proposed"], edges: task },
  attempt: {
    born: ["leased", "running"],
    edges: {
      leased: ["running", "cancelled"],
      running: ["paused", ...attemptEnds],
      paused: ["running", ...attemptEnds],
      ...Object.fromEntries(attemptEnds.map((state) => [state, []])),
    },
  },
  review: { born: ["open"], edges: { open: ["done", "withdrawn"], done: [], withdrawn: [] } },
  effect: {
    born: ["intended"],
    edges: {
      intended: ["started", "failed", "unknown"],
      started: ["done", "failed", "unknown"],
      unknown: ["done", "failed"],
      done: [],
      failed: [],
    },
  },
  inbox_item: {
    born: ["open"],
    edges: {
      open: ["answered", "delegated", "expired", "withdrawn"],
      delegated: ["answered", "expired", "withdrawn"],
      answered: [],
      expired: [],
      withdrawn: [],
    },
  },
  persona_proposal: {
    born: ["proposed"],
    edges: { proposed: ["accepted", "rejected", "superseded"], accepted: [], rejected: [], superseded: [] },
  },
  capability: { born: ["live"], edges: { live: ["revoked"], revoked: [] } },
  standing_grant: { born: ["live"], edges: { live: ["revoked"], revoked: [] } },
  tool_call: {
    born: ["asked", "allowed", "refused", "used"],
    edges: {
      asked: ["approved", "denied", "withdrawn"],
      approved: ["used", "withdrawn"],
      allowed: ["used", "withdrawn"],
      denied: [],
      refused: [],
      used: [],
      withdrawn: [],
    },
  },
  decision: { born: ["proposed", "made"], edges: { proposed: ["made", "superseded"], made: ["superseded"], superseded: [] } },
  notice: {
    born: ["pending"],
    edges: { pending: ["sent", "failed", "dropped"], sent: ["pending"], failed: ["pending", "dropped"], dropped: [] },
  },
  entity: {
    born: ["active"],
    edges: { active: ["archived", "deleted"], archived: ["active", "deleted"], deleted: ["active", "purged"], purged: [] },
  },
  tag: { born: ["present"], edges: { present: ["removed"], removed: ["present"] } },
  relation: { born: ["present"], edges: { present: ["removed"], removed: ["present"] } },
  epic: { born: ["open"], edges: { open: ["done", "cancelled"], done: ["open"], cancelled: ["open"] } },
  sprint: {
    born: ["planning"],
    edges: { planning: ["active", "cancelled"], active: ["completed", "cancelled"], completed: [], cancelled: [] },
  },
  clock: { born: ["set"], edges: { set: ["fired", "withdrawn"], fired: [], withdrawn: [] } },
  deliverable: { born: ["delivered"], edges: { delivered: ["accepted", "reopened"], accepted: ["reopened"], reopened: [] } },
};

/** Kinds whose every move is an event that names the state it left. */
export const narratedKinds: ReadonlySet<string> = new Set(["request", "task"]);

/** Whether a move can be made in at most `steps` legal moves; several may fall into one command. */
export function reachable(kind: string, move: { readonly from: string; readonly to: string }, steps: number): boolean {
  if (move.from === move.to) return true;
  if (steps === 0) return false;
  return (machines[kind]?.edges[move.from] ?? []).some((next) => reachable(kind, { from: next, to: move.to }, steps - 1));
}

export const isTerminal = (kind: string, state: string): boolean => machines[kind]?.edges[state]?.length === 0;
