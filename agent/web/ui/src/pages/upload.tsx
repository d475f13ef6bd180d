// A bundle brought from this browser, piece by piece; after a break it goes on where the box has kept it.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post, putBytes, remove } from "../../kit/api";
import { Failure, Panel } from "../../kit/components";
import { bytes } from "../../kit/format";
import { t } from "../../kit/i18n";
import type { Transfer, Updates } from "../types";

const kTries = 20, kPauseMs = 3000;
const wait = (ms: number): Promise<void> => new Promise((done) => window.setTimeout(done, ms));

async function digestOf(file: File): Promise<string> {
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(sum)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

// Sends what is missing. An error of the network is waited out: the box says where it goes on.
async function send(file: File, sha256: string, piece: number, onMoved: (t: Transfer) => void, stopped: () => boolean): Promise<ApiError | null> {
  for (let failures = 0; ; ) {
    const begun = await post<Transfer>("/api/v1/updates/upload", { name: file.name, size: file.size, sha256 });
    let now = begun.ok ? begun.data : null, error = begun.ok ? null : begun.error;
    while (now !== null && now.offset < now.size && !stopped()) {
      onMoved(now);
      const answer = await putBytes<Transfer>(`/api/v1/updates/upload?offset=${now.offset}`, file.slice(now.offset, now.offset + piece));
      error = answer.ok ? null : answer.error;
      now = answer.ok ? answer.data : null;
      if (answer.ok) failures = 0;
    }
    if (now !== null) onMoved(now);
    if (error === null || stopped()) return null;
    if (!["unreachable", "busy", "unavailable"].includes(error.kind) || ++failures > kTries) return error;
    await wait(kPauseMs);
  }
}

export function UploadPanel(props: { now: Updates; onChanged: () => void }): JSX.Element {
  const input = useRef<HTMLInputElement>(null), stop = useRef(false);
  const [moved, setMoved] = useState<Transfer | null>(null), [step, setStep] = useState<"none" | "reading" | "sending">("none"), [error, setError] = useState<ApiError | null>(null);
  const left = props.now.upload;
  const begin = async (event: Event): Promise<void> => {
    event.preventDefault();
    const file = input.current?.files?.[0];
    if (!file) return;
    stop.current = false;
    setError(null), setMoved(null), setStep("reading");
    const sha256 = await digestOf(file);
    setStep("sending");
    const failed = await send(file, sha256, props.now.piece, setMoved, () => stop.current);
    setStep("none"), setMoved(null), setError(failed);
    if (!failed && !stop.current && input.current) input.current.value = "";
    props.onChanged();
  };
  const discard = async (): Promise<void> => {
    stop.current = true;
    const answer = await remove("/api/v1/updates/bundles/upload");
    setError(answer.ok ? null : answer.error);
    props.onChanged();
  };
  const shown = moved ?? (step === "none" ? left : null), percent = shown ? Math.floor((100 * shown.offset) / shown.size) : 0;
  return (
    <Panel title={t("updates.bring")} note={t("updates.bring_note", { size: bytes(props.now.max_size) })} wide>
      <form class="row" onSubmit={(e) => void begin(e)}>
        <input ref={input} type="file" accept=".raucb" aria-label={t("updates.file")} required disabled={step !== "none"} />
        <button class="primary" disabled={step !== "none"}>{left && step === "none" ? t("updates.go_on") : t("updates.send")}</button>
        {step === "sending" && <button type="button" onClick={() => (stop.current = true)}>{t("updates.pause")}</button>}
        {left && step === "none" && <button type="button" onClick={() => void discard()}>{t("updates.discard")}</button>}
      </form>
      {step === "reading" && <p role="status">{t("updates.reading")}</p>}
      {shown && (
        <p role="status">
          <progress max={shown.size} value={shown.offset} aria-label={shown.name} /> {t("updates.sent", { p: percent, name: shown.name, size: bytes(shown.size) })}
          {step === "none" && ` ${t("updates.broken_off", { who: shown.who })}`}
        </p>
      )}
      <Failure error={error} />
    </Panel>
  );
}
