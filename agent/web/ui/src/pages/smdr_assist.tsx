// Fifty pasted lines of call records become a proposed template, with what it made of each line and what it is not sure of.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post } from "../../kit/api";
import { Failure, Field, Panel, Table, Tag } from "../../kit/components";
import { duration, moment } from "../../kit/format";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { SmdrLine, SmdrProposal } from "../types";

const kTones = { record: "good", passed_over: "calm", malformed: "bad" } as const;
const short = (s: number | null): string => (s === null ? "–" : duration(s));

function row(l: SmdrLine, n: number): { key: string; cells: (JSX.Element | string)[] } {
  return {
    key: String(n),
    cells: [
      <Tag tone={kTones[l.verdict]}>{t(`smdr.${l.verdict}` as Key)}</Tag>, l.start !== null ? moment(l.start) : l.end !== null ? moment(l.end) : "–", short(l.ring_s), short(l.talk_s ?? l.total_s),
      l.caller ? t("yes") : "–", l.dialled, l.device, <code class="pasted">{l.problem !== "" ? `${l.problem}  ` : ""}{l.line}</code>,
    ],
  };
}

export function SmdrAssistant(): JSX.Element {
  const [lines, setLines] = useState(""), [proposal, setProposal] = useState<SmdrProposal | null>(null), [error, setError] = useState<ApiError | null>(null);
  const ask = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await post<SmdrProposal>("/api/v1/smdr/propose", { lines });
    setError(answer.ok ? null : answer.error);
    setProposal(answer.ok ? answer.data : null);
  };
  return (
    <Panel title={t("smdr.title")} note={t("smdr.note")} wide>
      <form onSubmit={(e) => void ask(e)}>
        <Field label={t("smdr.lines")} error={error?.field === "lines" ? error.message : null}>
          {(id, about) => <textarea id={id} aria-describedby={about} rows={8} spellcheck={false} class="pasted" value={lines} onInput={(e) => setLines((e.target as HTMLTextAreaElement).value)} />}
        </Field>
        {error && error.field !== "lines" && <Failure error={error} />}
        <div class="row"><button class="primary" disabled={lines.trim() === ""}>{t("smdr.propose")}</button></div>
      </form>
      {proposal && (
        <>
          <h3>{t("smdr.doubts")}</h3>
          {proposal.doubts.length === 0 ? <p>{t("smdr.no_doubts")}</p> : <ul class="evidence">{proposal.doubts.map((d) => <li key={d}><Tag tone="warn">{t("smdr.doubt")}</Tag> {t(`smdr.doubt.${d}` as Key)}</li>)}</ul>}
          <h3>{t("smdr.as_read")}</h3>
          <Table caption={t("smdr.as_read")} empty="" numbers={[2, 3]}
            head={[t("smdr.verdict"), t("smdr.time"), t("smdr.ring"), t("smdr.talk"), t("smdr.caller"), t("smdr.dialled"), t("smdr.device"), t("smdr.line")]} rows={proposal.lines.map(row)} />
          <h3>{t("smdr.template")}</h3>
          <p class="note">{t("smdr.template_note")}</p>
          <pre tabIndex={0}>{proposal.template}</pre>
        </>
      )}
    </Panel>
  );
}
