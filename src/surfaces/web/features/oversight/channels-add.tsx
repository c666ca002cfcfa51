import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ChannelCreated, ChannelDocument, ChannelsDocument } from "../../../../contract/channel-contract.ts";
import { channelForms as forms } from "../../../../core/oversight/channel.ts";
import { call } from "../../api.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { channelsQuery, formWords } from "./channels-queries.ts";

type Form = ChannelDocument["form"];

const hints: { readonly [form in Form]: string } = {
  mail: "Goes to your address on record.",
  chat: "The incoming webhook of a room in Slack, Mattermost, Rocket.Chat or another that takes the same form.",
  webhook: "For programs: signed as Standard Webhooks says, with retries.",
  feed: "An address that your calendar subscribes to. Whoever has it can read what is due for you.",
};

interface Draft {
  readonly form: Form;
  readonly name: string;
  readonly url: string;
  readonly shared: boolean;
}

const canShare = (known: ChannelsDocument, form: Form): boolean => known.mayAddForOrganization && needsUrl(form);

const bodyOf = (known: ChannelsDocument, { form, name, url, shared }: Draft) => ({
  form,
  name: name.trim() === "" ? formWords[form] : name,
  ...(needsUrl(form) ? { url } : {}),
  forOrganization: canShare(known, form) && shared,
});

/** Opens a channel of one's own or, for administrators, of the organization. */
export function AddChannel({ known, onMade }: { readonly known: ChannelsDocument; readonly onMade: (made: ChannelCreated) => void }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>({ form: known.mail.ready ? "mail" : "feed", name: "", url: "", shared: false });
  const add = useMutation({
    mutationFn: () => call<ChannelCreated>("POST", "/api/channels", bodyOf(known, draft)),
    onSuccess: async (made) => {
      onMade(made);
      setDraft({ ...draft, name: "", url: "" });
      await client.invalidateQueries({ queryKey: channelsQuery.queryKey });
    },
  });
  const problem = draft.form === "mail" ? mailProblem(known) : undefined;
  const send = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Section title="Add a channel">
      <form onSubmit={send} className="grid max-w-xl gap-3 sm:grid-cols-2">
        <Fields known={known} draft={draft} onChange={(fields) => setDraft({ ...draft, ...fields })} />
        <p className="text-sm text-ink-2 empty:hidden sm:col-span-2">
          {problem ?? (draft.form === "mail" ? `Mail goes to ${known.mail.address ?? ""}.` : "")}
        </p>
        <div className="flex flex-col items-start gap-2 sm:col-span-2">
          <Button
            type="submit"
            tone="accent"
            disabled={add.isPending || problem !== undefined || (needsUrl(draft.form) && draft.url === "")}
          >
            Add the channel
          </Button>
          <ActError error={add.error} />
        </div>
      </form>
    </Section>
  );
}

interface FieldsProps {
  readonly known: ChannelsDocument;
  readonly draft: Draft;
  readonly onChange: (fields: Partial<Draft>) => void;
}

function Fields({ known, draft: { form, name, url, shared }, onChange }: FieldsProps) {
  return (
    <>
      <SelectField
        label="How"
        hint={hints[form]}
        value={form}
        onChange={(event) => onChange({ form: forms.find((one) => one === event.target.value) ?? form })}
      >
        {forms.map((one) => (
          <option key={one} value={one}>
            {formWords[one]}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Name"
        placeholder={formWords[form]}
        maxLength={200}
        value={name}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      {needsUrl(form) && (
        <div className="sm:col-span-2">
          <TextField
            label="Address"
            type="url"
            required
            maxLength={2_000}
            placeholder="https://"
            hint="It is sealed and never shown again. Addresses inside this network have to be named by an administrator."
            value={url}
            onChange={(event) => onChange({ url: event.target.value })}
          />
        </div>
      )}
      {canShare(known, form) && (
        <label className="flex items-center gap-2 text-sm sm:col-span-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={shared}
            onChange={(event) => onChange({ shared: event.target.checked })}
          />
          For the whole organization: hears of every project that is open to all
        </label>
      )}
    </>
  );
}

const needsUrl = (form: Form): boolean => form === "chat" || form === "webhook";

const mailProblem = ({ mail }: ChannelsDocument): string | undefined => {
  if (!mail.ready) return "No mail server is set up yet: an administrator sets XVC_SMTP_URL and XVC_MAIL_FROM.";
  return mail.address === null ? "You have no e-mail address on record: an administrator adds one under People." : undefined;
};

/** The one time that a secret is shown. */
export function ChannelSecret({ made, onDone }: { readonly made: ChannelCreated; readonly onDone: () => void }) {
  const secret = made.signingSecret ?? made.feedUrl;
  const copy = useMutation({ mutationFn: () => navigator.clipboard.writeText(secret ?? "") });
  return (
    <div role="status" className="flex flex-col gap-2 rounded border border-good bg-good-wash p-3 text-sm">
      <p>
        The channel <strong>{made.channel.name}</strong> is there.
        {made.signingSecret !== null && " Your program verifies our messages with this secret, shown this once:"}
        {made.feedUrl !== null && " Subscribe your calendar to this address, shown this once:"}
        {secret === null && " Send a test to see whether it arrives."}
      </p>
      {secret !== null && (
        <code className="rounded border border-line bg-sheet px-2 py-1.5 font-mono text-xs break-all select-all">{secret}</code>
      )}
      <div className="flex items-center gap-2">
        {secret !== null && <Button onClick={() => copy.mutate()}>{copy.isSuccess ? "Copied" : "Copy"}</Button>}
        <Button tone="quiet" onClick={onDone}>
          {secret === null ? "Good" : "I have kept it"}
        </Button>
        {copy.isError && <span className="text-bad">The browser refused to copy; select the text instead.</span>}
      </div>
    </div>
  );
}
