// Server-sent events with a visible state. In: a path and what to do per event. Out: the state of the connection; reconnects by itself.
export type LinkState = "connecting" | "open" | "lost";

export interface LiveStream {
  close(): void;
}

const kFirstRetry = 1000, kLongestRetry = 15000;

export function listen(path: string, events: Record<string, (data: unknown) => void>, onState: (state: LinkState) => void): LiveStream {
  let source: EventSource | null = null;
  let timer = 0, wait = kFirstRetry, closed = false;
  const open = (): void => {
    onState("connecting");
    source = new EventSource(path);
    source.onopen = () => {
      wait = kFirstRetry;
      onState("open");
    };
    source.onerror = () => {
      onState("lost");
      source?.close();
      if (!closed) timer = window.setTimeout(open, wait);
      wait = Math.min(wait * 2, kLongestRetry);
    };
    for (const [name, take] of Object.entries(events))
      source.addEventListener(name, (event) => {
        try {
          take(JSON.parse((event as MessageEvent<string>).data));
        } catch {
          onState("lost");
        }
      });
  };
  open();
  return {
    close: () => {
      closed = true;
      window.clearTimeout(timer);
      source?.close();
    },
  };
}
