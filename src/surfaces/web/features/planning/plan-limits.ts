/** Above this many tasks the graph is not drawn; the table shows them all. Apart from the layout, which is loaded only with the graph. */
export const maxDrawnTasks = 300;
