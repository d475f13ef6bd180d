import { useCallback, useEffect, useState } from "preact/hooks";
import type { Answer, ApiError } from "./api";
import { get } from "./api";
import { onLanguage } from "./i18n";

// Renders anew when the language changes.
export function useLanguage(): void {
  const [, again] = useState(0);
  useEffect(() => onLanguage(() => again((n) => n + 1)), []);
}

export interface Loaded<T> {
  data: T | null;
  error: ApiError | null;
  reload: () => void;
}

// What GET `path` gives, read again every `seconds` (0 = once) and on reload().
export function useGet<T>(path: string, seconds = 0): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    const read = (): void => {
      void get<T>(path).then((answer: Answer<T>) => {
        if (gone) return;
        if (answer.ok) setData(answer.data);
        setError(answer.ok ? null : answer.error);
      });
    };
    read();
    const timer = seconds > 0 ? window.setInterval(read, seconds * 1000) : 0;
    return () => {
      gone = true;
      window.clearInterval(timer);
    };
  }, [path, seconds, turn]);
  return { data, error, reload: useCallback(() => setTurn((n) => n + 1), []) };
}

// The place inside the page, behind '#': "#/incidents/1234" is ["incidents", "1234"].
export function usePlace(): string[] {
  const read = (): string[] => location.hash.replace(/^#\/?/, "").split("/").filter((part) => part !== "").map(decodeURIComponent);
  const [place, setPlace] = useState(read());
  useEffect(() => {
    const changed = (): void => {
      setPlace(read());
      document.getElementById("main")?.focus();
    };
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return place;
}
