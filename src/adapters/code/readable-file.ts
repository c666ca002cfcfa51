/** A file as a reader gets it. `text` is empty unless `content` is `text`. */
export interface ReadableFile {
  readonly path: string;
  readonly bytes: number;
  readonly content: "text" | "binary";
  readonly language: string | null;
  readonly text: string;
}
