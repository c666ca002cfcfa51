import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Failure } from "../../core/shared/failure.ts";
import { isSignedOut } from "./api.ts";
import { meQuery } from "./queries.ts";
import { router } from "./routes.tsx";

/** Reads are tried again only when the server was unreachable, twice; the live stream brings the rest. */
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => noticeSignedOut(error, query.queryKey[0] === "me") }),
  mutationCache: new MutationCache({ onError: (error) => noticeSignedOut(error, false) }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && error instanceof Failure && error.kind === "unavailable",
      refetchOnWindowFocus: true,
    },
  },
});

/** A session that ended while the page was open: whoever is told so first asks who is signed in, and the frame answers for every page. */
function noticeSignedOut(error: unknown, isAskingWho: boolean): void {
  const isBelieved = client.getQueryState(meQuery.queryKey)?.status === "success"; // asked once, not again by each page that was refused
  if (!isAskingWho && isBelieved && isSignedOut(error)) void client.invalidateQueries({ queryKey: meQuery.queryKey });
}

export function App() {
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
