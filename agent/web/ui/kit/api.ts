// The box's API from the page. In: paths and plain bodies. Out: data, or an error as a value; a session that ended is told to whoever listens.
export interface ApiError {
  kind: string;
  message: string;
  field: string | null;
  retryAfter: number | null;
}
export type Answer<T> = { ok: true; data: T } | { ok: false; error: ApiError };

let csrfToken = "";
let onLoggedOut: () => void = () => {};

export function setCsrfToken(token: string): void {
  csrfToken = token;
}
export function whenLoggedOut(call: () => void): void {
  onLoggedOut = call;
}

// Reads an answer's JSON; what is none becomes an error of kind "unavailable".
export async function readAnswer<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  let body: unknown = null;
  try {
    body = text === "" ? null : JSON.parse(text);
  } catch {
    body = null;
  }
  if (response.ok) return { ok: true, data: body as T };
  const error = (body as { error?: Partial<ApiError> } | null)?.error;
  const retry = Number(response.headers.get("Retry-After"));
  return {
    ok: false,
    error: {
      kind: error?.kind ?? "unavailable", message: error?.message ?? `HTTP ${response.status}`, field: error?.field ?? null,
      retryAfter: retry > 0 ? retry : null,
    },
  };
}

async function request<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const headers: Record<string, string> = {};
  if (method !== "GET") {
    headers["Content-Type"] = "application/json";
    if (csrfToken !== "") headers["Holdfast-CSRF"] = csrfToken;
  }
  try {
    const sent: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
    if (method !== "GET") sent.body = JSON.stringify(body ?? {});
    const response = await fetch(path, sent);
    const answer = await readAnswer<T>(response);
    if (!answer.ok && answer.error.kind === "not_logged_in") onLoggedOut();
    return answer;
  } catch {
    return { ok: false, error: { kind: "unreachable", message: "", field: null, retryAfter: null } };
  }
}

// Bytes as they are, in the place of JSON.
export async function putBytes<T>(path: string, bytes: Blob): Promise<Answer<T>> {
  try {
    const headers = { "Content-Type": "application/octet-stream", "Holdfast-CSRF": csrfToken };
    const answer = await readAnswer<T>(await fetch(path, { method: "PUT", headers, credentials: "same-origin", cache: "no-store", body: bytes }));
    if (!answer.ok && answer.error.kind === "not_logged_in") onLoggedOut();
    return answer;
  } catch {
    return { ok: false, error: { kind: "unreachable", message: "", field: null, retryAfter: null } };
  }
}

export const get = <T>(path: string): Promise<Answer<T>> => request<T>("GET", path);
export const post = <T>(path: string, body?: unknown): Promise<Answer<T>> => request<T>("POST", path, body);
export const put = <T>(path: string, body: unknown): Promise<Answer<T>> => request<T>("PUT", path, body);
export const patch = <T>(path: string, body: unknown): Promise<Answer<T>> => request<T>("PATCH", path, body);
export const remove = <T>(path: string): Promise<Answer<T>> => request<T>("DELETE", path);
