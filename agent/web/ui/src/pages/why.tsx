// Why an incident is: what happened in order, and what its extra wait is consistent with. Sentences come worded from the box.
import type { JSX } from "preact";
import { Panel, useVariable } from "../../kit/components";
import { clock } from "../../kit/format";
import { t } from "../../kit/i18n";
import type { Incident, SharePart } from "../types";

function Part(props: { part: SharePart }): JSX.Element {
  const { ref } = useVariable<HTMLElement>("--part", `${Math.max(0, Math.min(100, 100 * props.part.share))}%`);
  return (
    <li class={`share share-${props.part.factor}`}>
      <span class="share-bar" aria-hidden="true"><i ref={ref} /></span>
      <span>{props.part.text}</span>
    </li>
  );
}

export function Why(props: { incident: Incident }): JSX.Element {
  const { chain, shares } = props.incident;
  return (
    <Panel title={t("why.title")} note={t("why.note")} wide>
      {shares && <p class="why-sentence">{shares.text}</p>}
      {shares && shares.parts.length > 0 && <ul class="shares" aria-label={t("why.shares")}>{shares.parts.map((p) => <Part key={p.factor} part={p} />)}</ul>}
      <h3>{t("why.chain")}</h3>
      <ol class="chain">{chain.map((link) => <li key={link.template + link.at}><time>{clock(link.at)}</time><span>{link.text}</span></li>)}</ol>
    </Panel>
  );
}
