// Small parts that both pages use. Native controls, words beside every colour.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { ApiError } from "./api";
import { currentLanguage, setLanguage, t } from "./i18n";

export type Tone = "good" | "warn" | "bad" | "calm";

export function Tag(props: { tone: Tone; children: ComponentChildren }): JSX.Element {
  return <span class={`tag tag-${props.tone}`}>{props.children}</span>;
}

export function Panel(props: { title: string; note?: string | undefined; children: ComponentChildren; wide?: boolean; actions?: ComponentChildren }): JSX.Element {
  const id = useId();
  return (
    <section class={props.wide ? "panel wide" : "panel"} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{props.title}</h2>
        {props.actions}
      </header>
      {props.note && <p class="note">{props.note}</p>}
      {props.children}
    </section>
  );
}

export function Figure(props: { label: string; value: string; sub?: string | undefined; tone?: Tone; help?: ComponentChildren }): JSX.Element {
  return (
    <div class={`figure figure-${props.tone ?? "calm"}`}>
      <div class="figure-label">{props.label}{props.help}</div>
      <div class={/\d/.test(props.value) ? "figure-value" : "figure-value figure-words"}>{props.value}</div>
      {props.sub && <div class="figure-sub">{props.sub}</div>}
    </div>
  );
}

export function Table(props: { caption: string; head: ComponentChildren[]; rows: { key: string; cells: ComponentChildren[]; tone?: Tone }[]; empty: string; numbers?: number[] }): JSX.Element {
  const kind = (i: number): string => (props.numbers?.includes(i) ? "number" : "");
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={props.caption}>
      <table>
        <caption class="sr-only">{props.caption}</caption>
        <thead><tr>{props.head.map((h, i) => <th key={i} scope="col" class={kind(i)}>{h}</th>)}</tr></thead>
        <tbody>
          {props.rows.length === 0 && <tr><td colSpan={props.head.length} class="empty">{props.empty}</td></tr>}
          {props.rows.map((row) => (
            <tr key={row.key} class={row.tone ? `row-${row.tone}` : ""}>{row.cells.map((cell, i) => <td key={i} class={kind(i)}>{cell}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Field(props: { label: string; note?: string | undefined; error?: string | null | undefined; children: (id: string, describedBy: string | undefined) => ComponentChildren }): JSX.Element {
  const id = useId();
  const about = `${id}-about`;
  return (
    <div class={props.error ? "field field-bad" : "field"}>
      <label for={id}>{props.label}</label>
      {props.children(id, props.note || props.error ? about : undefined)}
      {(props.note || props.error) && <p id={about} class={props.error ? "field-error" : "note"}>{props.error ?? props.note}</p>}
    </div>
  );
}

export function TextField(props: {
  label: string; value: string; onInput: (v: string) => void; type?: string; note?: string | undefined; error?: string | null | undefined;
  required?: boolean; autocomplete?: string; min?: number; max?: number; disabled?: boolean;
}): JSX.Element {
  return (
    <Field label={props.label} note={props.note} error={props.error}>
      {(id, about) => (
        <input id={id} type={props.type ?? "text"} value={props.value} required={props.required} autocomplete={(props.autocomplete ?? "off") as "off"} min={props.min} max={props.max}
          disabled={props.disabled} aria-describedby={about} aria-invalid={props.error ? "true" : undefined}
          onInput={(e) => props.onInput((e.target as HTMLInputElement).value)} />
      )}
    </Field>
  );
}

export function Failure(props: { error: ApiError | null }): JSX.Element | null {
  if (!props.error) return null;
  return <p class="failure" role="alert">{errorText(props.error)}</p>;
}

export function errorText(error: ApiError): string {
  switch (error.kind) {
    case "unreachable": return t("error.unreachable");
    case "throttled": return t("error.throttled", { n: error.retryAfter ?? 60 });
    case "login_refused": return t("error.login_refused");
    case "denied": return t("error.denied");
    case "busy": case "unavailable": return t("error.busy");
    default: return error.field ? `${error.field}: ${error.message}` : error.message;
  }
}

// "?" beside a figure: opens a native dialog, which keeps the focus inside and closes with Escape.
export function Help(props: { title: string; children: ComponentChildren }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" class="help" aria-label={t("help_about", { what: props.title })} onClick={() => dialog.current?.showModal()}>?</button>
      <dialog ref={dialog} aria-label={props.title}>
        <h2>{props.title}</h2>
        {props.children}
        <form method="dialog"><button class="primary">{t("close")}</button></form>
      </dialog>
    </>
  );
}

// Said aloud by screen readers, seen by nobody.
export function Announce(props: { text: string }): JSX.Element {
  return <div class="sr-only" role="status" aria-live="assertive">{props.text}</div>;
}

// Sets an element's CSS variable through the DOM, which the content policy allows; a style attribute it would not.
export function useVariable<T extends HTMLElement>(name: string, value: string): { ref: { current: T | null } } {
  const ref = useRef<T>(null);
  useEffect(() => ref.current?.style.setProperty(name, value), [name, value]);
  return { ref };
}

export function LanguageSwitch(): JSX.Element {
  return (
    <div class="languages" role="group" aria-label={t("language")}>
      {(["en", "ru"] as const).map((language) => (
        <button type="button" key={language} lang={language} aria-pressed={currentLanguage() === language} onClick={() => setLanguage(language)}>
          {language === "en" ? "English" : "Русский"}
        </button>
      ))}
    </div>
  );
}
