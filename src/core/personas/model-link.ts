/** One model of one provider, as people write it in a chain: `anthropic/claude-sonnet-4-5`. */
export interface ModelLink {
  /** As people call it. */
  readonly provider: string;
  readonly model: string;
}

/** As one text; the provider's name has no slash in it, the model's may have. */
export const linkText = ({ provider, model }: ModelLink): string => `${provider}/${model}`;

/** The link a text stands for; null: it has no provider or no model. */
export function readLink(text: string): ModelLink | null {
  const at = text.indexOf("/");
  const [provider, model] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  return at < 1 || provider === "" || model === "" ? null : { provider, model };
}
