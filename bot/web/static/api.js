// Talking to the server: one message at a time, and the stream of pushed messages.

const TIMEOUT_MS = 20_000;
const PAUSE_MS = 1_200;

/** The server could not be asked or could not answer; `again` says whether trying again makes sense. */
export class Failed extends Error {
  constructor(message, again) {
    super(message);
    this.again = again;
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function once(body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    return await fetch("/api/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: stop.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function result(response) {
  const json = await response.json().catch(() => null);
  if (response.ok && json) return json;
  const again = response.status >= 500 || response.status === 429;
  throw new Failed(json?.error?.message || "Máy chủ đang gặp trục trặc.", again);
}

/** Send a message; a passing fault is tried once more by itself. The message id makes a repeat harmless. */
export async function post(body) {
  for (const attempt of [1, 2]) {
    try {
      const response = await once(body);
      const passing = response.status === 502 || response.status === 503;
      if (!(passing && attempt === 1)) return await result(response);
    } catch (error) {
      if (error instanceof Failed) throw error;
      if (attempt === 2) throw new Failed("Chưa gửi được, có thể do mất mạng.", true);
    }
    await pause(PAUSE_MS);
  }
  throw new Failed("Máy chủ đang bận.", true);
}

/** Pushed messages, while the page can be seen (a hidden tab holds no connection). Returns how to restart it. */
export function listen(session, lastEvent, onMessage) {
  let source = null;
  const open = () => {
    source?.close();
    source = null;
    if (document.hidden) return;
    const query = new URLSearchParams({ session: session() });
    if (lastEvent.get()) query.set("after", lastEvent.get());
    source = new EventSource(`/api/chat/events?${query}`);
    source.addEventListener("ready", (event) => lastEvent.set(event.lastEventId));
    source.addEventListener("message", (event) => {
      lastEvent.set(event.lastEventId);
      onMessage(JSON.parse(event.data));
    });
  };
  document.addEventListener("visibilitychange", open);
  open();
  return open;
}
