/** A state machine as data: for each state the states it may move to. A state without moves is terminal. */
export type Moves<State extends string> = { readonly [From in State]: readonly State[] };

/** Whether a machine allows the move. Staying is not a move. */
export const mayMove = <State extends string>(moves: Moves<State>, from: State, to: State): boolean => moves[from].includes(to);

export const isTerminal = <State extends string>(moves: Moves<State>, state: State): boolean => moves[state].length === 0;
