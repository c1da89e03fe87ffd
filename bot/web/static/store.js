// What this device remembers: the session, the last bubbles, the half-typed question, the size of letters.
// Where storage is forbidden (some private windows) it lasts as long as the page.

const KEEP = 60;
const PREFIX = "hocvuso.";
const memory = new Map();

function read(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return memory.get(name) ?? null;
  }
}

function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    memory.set(name, value);
  }
}

/** An id nobody can guess; also where crypto.randomUUID is missing (pages served by plain http). */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The session, made here, so that even a first message whose reply got lost can be repeated safely. */
export function session() {
  const found = read("session") || newId();
  write("session", found);
  return found;
}

export function setSession(id) {
  write("session", id);
}

/** The last bubbles, oldest first; an unreadable store counts as empty. */
export function transcript() {
  try {
    const entries = JSON.parse(read("transcript") || "[]");
    return Array.isArray(entries) ? entries : [];
  } catch {
    return [];
  }
}

export function saveTranscript(entries) {
  write("transcript", JSON.stringify(entries.slice(-KEEP)));
}

export const draft = { get: () => read("draft") || "", set: (text) => write("draft", text || null) };
export const size = { get: () => read("size") || "normal", set: (name) => write("size", name) };
/** The size last asked for in the conversation, which the buttons A− A A+ may have changed since. */
export const wish = { get: () => read("wish"), set: (name) => write("wish", name) };
export const lastEvent = { get: () => read("event"), set: (id) => write("event", id) };

/** Forget the conversation; the size of letters belongs to the person's eyes and stays. */
export function forget() {
  for (const name of ["session", "transcript", "draft", "event", "wish"]) write(name, null);
}

/** Calls back when another tab changed the transcript. */
export function onOtherTab(callback) {
  addEventListener("storage", (event) => {
    if (event.key === PREFIX + "transcript") callback();
  });
}
