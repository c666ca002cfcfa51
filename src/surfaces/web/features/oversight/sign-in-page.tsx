import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { api } from "../../api.ts";
import { Button } from "../../shell/controls.tsx";
import { ActError, SignedOut } from "../../shell/states.tsx";

const route = getRouteApi("/sign-in");

/** Opening the link does nothing: mail scanners open links too. Only the press of the button signs in. */
export function SignInPage() {
  const { token } = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  useEffect(() => {
    document.title = "Sign in · xVC";
  }, []);
  const signIn = useMutation({
    mutationFn: (secret: string) => api.signIn(secret),
    onSuccess: async () => {
      client.clear();
      // Replaces the address, so that the spent token stays in no history.
      await navigate({ to: "/", replace: true });
    },
  });
  if (token === undefined)
    return (
      <main>
        <SignedOut />
      </main>
    );
  return (
    <main className="mx-auto flex min-h-dvh max-w-[52ch] flex-col justify-center gap-4 px-6 py-16">
      <img src="/favicon.svg" alt="" width="36" height="36" />
      <h1 className="text-2xl font-semibold tracking-tight">Sign in to xVC</h1>
      {!signIn.isError && (
        <p className="text-lg text-ink-2">
          This link signs this browser in, once. If you did not ask for it, close the page: nothing has happened.
        </p>
      )}
      {signIn.isError ? (
        <div className="flex flex-col gap-3">
          <ActError error={signIn.error} />
          <p>A link works once and for a short time. On the machine where xVC runs, this prints a fresh one:</p>
          <pre className="rounded border border-line bg-sheet px-3 py-2 font-mono text-sm select-all">xvc login</pre>
        </div>
      ) : (
        <Button
          tone="accent"
          className="min-h-10 self-start px-5 text-base"
          disabled={signIn.isPending}
          onClick={() => signIn.mutate(token)}
        >
          {signIn.isPending ? "Signing in" : "Sign in on this browser"}
        </Button>
      )}
    </main>
  );
}
