/** Forms of secrets that come back from tools by accident: private keys, and keys of well-known issuers. Linear, without nested repeats. */
const forms: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?-----END [A-Z ]{0,40}PRIVATE KEY-----/gu,
  /\b(?:sk-[A-Za-z0-9_-]{20,200}|gh[pousr]_[A-Za-z0-9]{30,200}|AKIA[A-Z0-9]{16}|xox[abprs]-[A-Za-z0-9-]{10,200}|AIza[A-Za-z0-9_-]{35}|xvc_[A-Za-z0-9_-]{20,200})\b/gu,
];

/** A text without what has the form of a secret, and without the given ones. */
export const redactSecrets = (text: string, known: readonly string[] = []): string =>
  known
    .filter((secret) => secret.length >= 8)
    .reduce(
      (left, secret) => left.replaceAll(secret, "[redacted]"),
      forms.reduce((left, form) => left.replaceAll(form, "[redacted]"), text),
    );
