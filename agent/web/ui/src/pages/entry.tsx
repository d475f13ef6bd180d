import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post } from "../../kit/api";
import { Failure, TextField } from "../../kit/components";
import { t } from "../../kit/i18n";
import type { Session } from "../types";

const wrong = (error: ApiError | null, field: string): string | null => (error?.field === field ? error.message : null);

export function Setup(props: { onDone: (session: Session) => void; text?: string }): JSX.Element {
  const [code, setCode] = useState(""), [user, setUser] = useState("admin"), [password, setPassword] = useState("");
  const [error, setError] = useState<ApiError | null>(null), [busy, setBusy] = useState(false);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await post<Session>("/api/v1/setup", { code, user, password });
    setBusy(false);
    if (answer.ok) props.onDone(answer.data);
    else setError(answer.error);
  };
  return (
    <form class="panel" onSubmit={(e) => void send(e)}>
      <h1>{t("setup.title")}</h1>
      <p>{props.text ?? t("setup.text")}</p>
      <TextField label={t("setup.code")} value={code} onInput={setCode} required error={wrong(error, "code")} note={t("setup.code_note")} />
      <TextField label={t("user")} value={user} onInput={setUser} required autocomplete="username" error={wrong(error, "user")} />
      <TextField label={t("password")} type="password" value={password} onInput={setPassword} required autocomplete="new-password" error={wrong(error, "password")} note={t("password.note")} />
      {error && !error.field && <Failure error={error} />}
      <button class="primary" disabled={busy}>{t("setup.go")}</button>
    </form>
  );
}

export function Login(props: { onDone: (session: Session) => void }): JSX.Element {
  const [user, setUser] = useState(""), [password, setPassword] = useState("");
  const [error, setError] = useState<ApiError | null>(null), [busy, setBusy] = useState(false);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await post<Session>("/api/v1/login", { user, password });
    setBusy(false);
    if (answer.ok) props.onDone(answer.data);
    else setError(answer.error);
  };
  return (
    <form class="panel" onSubmit={(e) => void send(e)}>
      <h1>{t("login.title")}</h1>
      <TextField label={t("user")} value={user} onInput={setUser} required autocomplete="username" />
      <TextField label={t("password")} type="password" value={password} onInput={setPassword} required autocomplete="current-password" />
      <Failure error={error} />
      <button class="primary" disabled={busy}>{t("login.go")}</button>
    </form>
  );
}
