/** Only what is said: an address carries no empty field. Pure. */
export function givenOnly<Name extends string>(fields: { readonly [name in Name]?: string | undefined }): {
  readonly [name in Name]?: string;
} {
  const given = Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === "string" && field[1] !== "");
  return Object.fromEntries(given) as { readonly [name in Name]?: string }; // built from `fields` alone
}
