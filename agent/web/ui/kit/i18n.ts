// Words in the reader's language. In: a key and values. Out: text. Plural forms: a key with "one|few|many" parts, chosen by the number `n`.
import en from "./en.json";
import ru from "./ru.json";

export type Language = "en" | "ru";
export type Key = keyof typeof en;
const kTables: Record<Language, Record<string, string>> = { en, ru };
const kStored = "holdfast.language";

function preferred(): Language {
  const stored = typeof localStorage === "undefined" ? null : localStorage.getItem(kStored);
  if (stored === "en" || stored === "ru") return stored;
  return typeof navigator !== "undefined" && navigator.language.startsWith("ru") ? "ru" : "en";
}

let language: Language = preferred();
const listeners = new Set<() => void>();

export const currentLanguage = (): Language => language;
export function setLanguage(next: Language): void {
  language = next;
  if (typeof localStorage !== "undefined") localStorage.setItem(kStored, next);
  if (typeof document !== "undefined") document.documentElement.lang = next;
  listeners.forEach((call) => call());
}
export function onLanguage(call: () => void): () => void {
  listeners.add(call);
  return () => listeners.delete(call);
}

// The part of "one|few|many" (Russian) or "one|many" (English) that goes with n.
export function plural(text: string, n: number, of: Language): string {
  const parts = text.split("|");
  if (parts.length === 1) return text;
  const rule = new Intl.PluralRules(of).select(n);
  if (of === "ru") return parts[rule === "one" ? 0 : rule === "few" ? 1 : 2] ?? parts[parts.length - 1]!;
  return parts[rule === "one" ? 0 : parts.length - 1]!;
}

export function textIn(of: Language, key: Key, values: Record<string, string | number> = {}): string {
  const n = typeof values["n"] === "number" ? values["n"] : 0;
  return plural(kTables[of][key] ?? key, n, of).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === "number" ? new Intl.NumberFormat(of).format(value) : (value ?? "");
  });
}
export const t = (key: Key, values?: Record<string, string | number>): string => textIn(language, key, values);
