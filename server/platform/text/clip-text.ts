/** Shortens what was read for showing and storing it: at most `limit` UTF-16 units, no NUL, no half characters. */
export function clipText(text: string, limit: number): string {
  const short = text.length > limit ? `${text.slice(0, limit - 1).trimEnd()}…` : text;
  return short.toWellFormed().replaceAll("\0", "\ufffd");
}

/** A value inside a sentence: on one line, at most 60 characters, between backticks. */
export const quoteText = (text: string): string => `\`${clipText(text, 60).replace(/\p{Cc}/gu, " ")}\``;
