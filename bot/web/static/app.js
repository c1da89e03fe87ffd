// The chat page: keeps the transcript, sends what is typed or pressed, shows what comes back.

import { listen, post } from "./api.js";
import { bubble } from "./bubbles.js";
import * as letters from "./size.js";
import * as speech from "./speech.js";
import * as store from "./store.js";

const HOME = "v1:home";
const BACK = "v1:back";
const HUMAN = "v1:human";
const KEPT = "v1:kept";
const SIZE = /^v1:set:size:(\w+)$/;
const ERASED = "v1:erase:yes";
const DOUBLE_CLICK_MS = 700;
const TOPIC = /^[a-z0-9-]{2,50}$/;
const TYPING_AFTER_MS = 250;

const $ = (id) => document.getElementById(id);
const log = $("log");
const question = $("question");
const nav = { [BACK]: $("nav-back"), [HOME]: $("nav-home"), [HUMAN]: $("nav-human") };
const actions = { press, retry: (entry) => deliver(entry) };

let entries = [];
let shown = new Map(); // entry → its element
let busy = false;
let lastPress = { element: null, at: 0 };

// --- the transcript

function append(entry) {
  entries.push(entry);
  draw(entry);
  store.saveTranscript(entries);
}

function draw(entry) {
  const made = bubble(entry, actions);
  const old = shown.get(entry);
  if (old) old.replaceWith(made);
  else log.append(made);
  shown.set(entry, made);
}

function redraw() {
  log.setAttribute("aria-live", "off"); // what was read once is not read aloud again
  entries = store.transcript();
  shown = new Map();
  log.replaceChildren();
  for (const entry of entries) {
    if (entry.state === "sending") entry.state = "failed";
    draw(entry);
  }
  offerNav();
  setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
}

function update(entry, changes) {
  Object.assign(entry, changes);
  draw(entry);
  store.saveTranscript(entries);
}

function remove(entry) {
  entries = entries.filter((each) => each !== entry);
  shown.get(entry)?.remove();
  shown.delete(entry);
}

/** The newest turn at the top of what can be seen, so that reading starts at its beginning. */
function reveal(element) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

function offerNav() {
  const last = entries.findLast((entry) => entry.kind === "bot");
  const offered = last ? last.message.buttons.filter((button) => button.nav) : [];
  const back = offered.find((button) => button.payload.startsWith(BACK));
  nav[BACK].setAttribute("aria-disabled", String(!back));
  nav[BACK].dataset.payload = back?.payload ?? BACK;
}

// --- sending

function setBusy(on) {
  busy = on;
  document.body.classList.toggle("busy", on);
  $("send").setAttribute("aria-disabled", String(on));
  clearTimeout(setBusy.timer);
  $("typing").textContent = "";
  if (on) setBusy.timer = setTimeout(() => ($("typing").textContent = "Đang tìm câu trả lời…"), TYPING_AFTER_MS);
}

function say(body, text) {
  const entry = { kind: "me", text, body: { ...body, message_id: store.newId() }, state: "sending" };
  append(entry);
  return deliver(entry);
}

/** Send an entry and show the replies. Sending it again is safe: the server answers a message id once. */
async function deliver(entry) {
  if (busy) return;
  speech.stop();
  setBusy(true);
  update(entry, { state: "sending", error: undefined });
  try {
    const reply = await post({ ...entry.body, session: store.session() });
    store.setSession(reply.session);
    const first = receive(entry, reply);
    const urgent = reply.messages[0].urgent; // what to do now at the top, without one's own words above it
    reveal(entry.text && !urgent ? shown.get(entry) : first);
    online();
  } catch (error) {
    update(entry, { state: "failed", error: error.message, again: error.again ?? true });
    reveal(shown.get(entry));
  } finally {
    setBusy(false);
  }
}

function receive(entry, { messages, said }) {
  const effect = meaning(entry.body);
  if (effect === ERASED) clear();
  else if (entry.text) update(entry, { state: "sent", text: said ?? entry.text, body: undefined }); // hidden here as there
  else remove(entry); // the page's own greeting is nothing the person said
  const made = messages.map((message) => ({ kind: "bot", message }));
  made.forEach(append);
  offerNav();
  const size = effect.match(SIZE);
  if (size) letters.choose(size[1]);
  else letters.follow(messages.at(-1)?.text_size);
  return shown.get(made[0]);
}

/** The payload a message stands for: a typed number is the button of that number on the last screen. */
function meaning(body) {
  if (body.payload) return body.payload;
  const typed = body.text.trim();
  const last = entries.findLast((each) => each.kind === "bot" && each.message.buttons.some((button) => button.number));
  const found = last?.message.buttons.find((button) => String(button.number) === typed || button.label === typed);
  return found?.payload ?? "";
}

// --- what people do

/** A choice or a navigation button. The second click of a double click does nothing. */
function press(button, element, event) {
  const now = performance.now();
  const double = lastPress.element === element && now - lastPress.at < DOUBLE_CLICK_MS;
  lastPress = { element, at: now };
  if (double || busy || element.getAttribute("aria-disabled") === "true") return;
  const before = entries.length;
  say({ payload: button.payload }, button.label).then(() => {
    if (event.detail === 0) focusReply(before); // pressed by keyboard or screen reader
  });
}

function focusReply(before) {
  const first = entries.slice(before).find((entry) => entry.kind === "bot");
  shown.get(first)?.focus({ preventScroll: true });
}

function submit(event) {
  event?.preventDefault();
  const text = question.value.trim();
  if (!text) {
    question.focus();
    return;
  }
  if (busy) return; // the text stays where it is
  question.value = "";
  store.draft.set("");
  grow();
  if (matchMedia("(pointer: coarse)").matches) question.blur(); // the on-screen keyboard would hide the answer
  say({ text }, text);
}

function grow() {
  question.style.height = "auto";
  question.style.height = `${Math.min(question.scrollHeight + 4, innerHeight / 3)}px`;
}

function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  submit(event);
}

function clear() {
  entries = [];
  shown = new Map();
  log.replaceChildren();
  store.saveTranscript(entries);
}

function forget() {
  speech.stop();
  store.forget();
  clear();
  question.value = "";
  listening();
  greet();
}

function greet() {
  say({ payload: HOME }, "");
}

/** The topic a card's QR code leads to (`/?t=otp`); taken out of the address, so that a reload does not ask again. */
function linkedTopic() {
  const topic = new URLSearchParams(location.search).get("t");
  if (topic === null) return null;
  history.replaceState(null, "", location.pathname);
  return TOPIC.test(topic) ? topic : null;
}

// --- network

function online() {
  $("offline").hidden = navigator.onLine;
  $("offline").textContent = navigator.onLine ? "" : "⚠ Đang mất mạng. Chữ đã gõ vẫn còn, có mạng lại là gửi được.";
}

function onOnline() {
  online();
  const waiting = entries.findLast((entry) => entry.state === "failed" && entry.again !== false);
  if (waiting) deliver(waiting);
}

function onPushed({ id, message }) {
  if (entries.some((entry) => entry.id === id)) return;
  append({ kind: "bot", id, message });
  offerNav();
  reveal(shown.get(entries.at(-1)));
}

// --- start

letters.install();
speech.whenKnown((can) => {
  document.documentElement.dataset.voice = can ? "yes" : "no";
  $("no-voice").hidden = can;
});
question.value = store.draft.get();
question.addEventListener("input", () => {
  store.draft.set(question.value);
  grow();
});
question.addEventListener("keydown", onKey);
$("form").addEventListener("submit", submit);
nav[BACK].addEventListener("click", (event) => press({ payload: nav[BACK].dataset.payload, label: "◀ Quay lại" }, nav[BACK], event));
nav[HOME].addEventListener("click", (event) => press({ payload: HOME, label: "🏠 Trang chủ" }, nav[HOME], event));
nav[HUMAN].addEventListener("click", (event) => press({ payload: HUMAN, label: "🙋 Gặp người hỗ trợ" }, nav[HUMAN], event));
$("kept").addEventListener("click", (event) => press({ payload: KEPT, label: "🔒 Bot giữ những gì?" }, $("kept"), event));
$("forget").addEventListener("click", () => $("forget-dialog").showModal());
$("forget-dialog").addEventListener("close", (event) => event.target.returnValue === "yes" && forget());
addEventListener("offline", online);
addEventListener("online", onOnline);
store.onOtherTab(() => busy || redraw());

redraw();
online();
const listening = listen(store.session, store.lastEvent, onPushed);
const topic = linkedTopic();
if (topic) say({ payload: `v1:topic:${topic}` }, "");
else if (entries.length) shown.get(entries.at(-1)).scrollIntoView({ block: "start" });
else greet();
