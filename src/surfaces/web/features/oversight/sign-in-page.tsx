import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import type { LinkPreview } from "../../../../contract/session-contract.ts";
import { api, call } from "../../api.ts";
import { meQuery } from "../../queries.ts";
import { Button, buttonLook, TextField } from "../../shell/controls.tsx";
import { ActError, ErrorState, Skeleton } from "../../shell/states.tsx";
import { instantText } from "../../shell/words.ts";
import { waysQuery } from "./sessions-panel.tsx";
import { isFresh } from "./setup-steps.ts";

/** What a link would do. Asking uses nothing up. */
const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ["link", token],
    queryFn: () => call<LinkPreview>("POST", "/sign-in/look", { token }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A sign-in link or an invitation. Opening it does nothing: mail scanners open links too. Only the press of the button does. */
export function SignInPage() {
  const { token } = useSearch({ strict: false });
  useEffect(() => {
    document.title = "Sign in · xVC";
  }, []);
  return (
    <main className="mx-auto flex min-h-dvh max-w-[52ch] flex-col justify-center gap-4 px-6 py-16">
      <img src="/favicon.svg" alt="" width="36" height="36" />
      {token === undefined ? <Ways title="Sign in to xVC" /> : <Link token={token} />}
    </main>
  );
}

function Link({ token }: { readonly token: string }) {
  const link = useQuery(linkQuery(token));
  const navigate = useNavigate();
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: () => api.signIn(token),
    onSuccess: async () => {
      client.clear();
      const me = await client.fetchQuery(meQuery);
      // Replaces the address, so that the spent token stays in no history.
      await navigate({ to: isFresh(me) ? "/setup" : "/", replace: true });
    },
  });
  if (link.isPending) return <Skeleton rows={3} />;
  if (link.isError || signIn.isError)
    return <Ways title="This link does not work" before={<ActError error={signIn.error ?? link.error} />} />;
  const { purpose, person, organization, expiresAtMs } = link.data;
  const isInvitation = purpose === "invitation";
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">{isInvitation ? `Join ${organization}` : "Sign in to xVC"}</h1>
      <p className="text-lg text-ink-2">
        {isInvitation
          ? `${person}, you are invited to work in ${organization}. The link works once, until ${instantText(expiresAtMs)}.`
          : `This link signs this browser in as ${person}, once. If you did not ask for it, close the page: nothing has happened.`}
      </p>
      <Button tone="accent" className="min-h-10 self-start px-5 text-base" disabled={signIn.isPending} onClick={() => signIn.mutate()}>
        {signIn.isPending ? "Signing in" : isInvitation ? "Join on this browser" : "Sign in on this browser"}
      </Button>
    </>
  );
}

/** Every way in that this server has. */
function Ways({ title, before }: { readonly title: string; readonly before?: ReactNode }) {
  const ways = useQuery(waysQuery);
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      {before}
      {ways.isError && <ErrorState error={ways.error} onRetry={() => void ways.refetch()} />}
      {ways.data?.oidc !== null && ways.data !== undefined && (
        <a href="/sign-in/oidc" className={`${buttonLook({ tone: "accent" })} min-h-10 self-start px-5 text-base`}>
          Sign in with {ways.data.oidc}
        </a>
      )}
      {ways.data?.mail === true && <MailForm />}
      <p className="text-ink-2">There is no password here. On the machine where xVC runs, this prints a fresh link that works once:</p>
      <pre className="rounded border border-line bg-sheet px-3 py-2 font-mono text-sm select-all">xvc login</pre>
      <p className="text-sm text-ink-3">Nobody at that machine? An administrator of your organization can invite you.</p>
    </>
  );
}

function MailForm() {
  const [email, setEmail] = useState("");
  const ask = useMutation({ mutationFn: () => call<unknown>("POST", "/sign-in/request", { email }) });
  const send = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  if (ask.isSuccess)
    return (
      <p role="status" className="rounded border border-line bg-sheet p-3">
        If {email} belongs to a member, a link is on its way. It works once, for 30 minutes.
      </p>
    );
  return (
    <form onSubmit={send} className="flex flex-col items-start gap-3">
      <TextField
        label="Your e-mail address"
        type="email"
        required
        maxLength={320}
        autoComplete="email"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        className="w-full"
      />
      <Button type="submit" disabled={ask.isPending || email.trim() === ""}>
        Mail me a link
      </Button>
      <ActError error={ask.error} />
    </form>
  );
}
