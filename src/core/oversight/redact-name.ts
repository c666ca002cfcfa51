import { type Person, erasedText } from "./person.ts";

const inert = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** The text with the person's address and whole name, with or without `@`, replaced; a word that only begins like the name stays. */
export function redactName(text: string, { name, email }: Pick<Person, "name" | "email">): string {
  const named = [email ?? "", name].map((one) => one.trim()).filter((one) => one !== "");
  return named.reduce(
    (redacted, one) =>
      redacted.replaceAll(
        new RegExp(String.raw`(?<![\p{L}\p{M}\p{N}])@?${inert(one).replaceAll(/\s+/gu, String.raw`\s+`)}(?![\p{L}\p{M}\p{N}])`, "giu"),
        () => erasedText,
      ),
    text,
  );
}
