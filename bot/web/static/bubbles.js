// Bubbles as elements. An entry is what the transcript keeps: {kind: "bot", message} or {kind: "me", text, body, state}.

import { rendered } from "./markup.js";
import { readButton } from "./speech.js";

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function hidden(text) {
  return element("span", "sr-only", text);
}

/** Texts up to this long are read at a glance: a button to hear them would push the choices off a small screen. */
const SHORT = 60;

/** Navigation that has its fixed place at the foot of the page. */
const FIXED = /^v1:(back|home|human)(:|$)/;

function label(button) {
  const words = element("span", "label", button.label);
  if (button.nav || !button.number) return [words];
  const number = element("span", "number", String(button.number));
  return [number, hidden(". "), words];
}

function link(button) {
  const made = element("a", "choice", ...label(button), element("span", "out", "↗"), hidden(" (mở trang mới)"));
  made.lastChild.previousSibling.setAttribute("aria-hidden", "true");
  made.href = button.url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function choice(button, press) {
  if (button.url) return /^https:\/\//.test(button.url) ? link(button) : null;
  const made = element("button", button.nav ? "choice more" : "choice", ...label(button));
  made.type = "button";
  made.addEventListener("click", (event) => press(button, made, event));
  return made;
}

function choices(buttons, press) {
  const made = buttons.filter((button) => !(button.nav && FIXED.test(button.payload))).map((button) => choice(button, press));
  const items = made.filter(Boolean).map((each) => element("li", "", each));
  if (!items.length) return [];
  const list = element("ul", "choices", ...items);
  list.setAttribute("role", "list");
  return [list];
}

function media(part) {
  const made = document.createElement(part.kind === "audio" ? "audio" : "img");
  made.src = part.url;
  if (part.kind === "audio") {
    made.controls = true;
    made.setAttribute("aria-label", part.alt);
  } else {
    made.alt = part.alt;
    made.loading = "lazy";
  }
  return made;
}

/** A card is long: it can be opened in full size, and printed from its PDF. */
const CARD = /^\/the\/[\w/-]+\.png$/;

function ways(part) {
  const open = element("a", "choice", "🔍 Xem thẻ cỡ lớn");
  const print = element("a", "choice", "🖨 Bản để in (PDF)");
  open.href = part.url;
  print.href = part.url.replace(/png$/, "pdf");
  for (const way of [open, print]) way.target = "_blank";
  return element("p", "card-ways", open, print);
}

function shown(part) {
  return CARD.test(part.url) ? [media(part), ways(part)] : [media(part)];
}

/** The heading of an urgent text, its own where it has one, and what stands below it: one heading before the first act. */
function alarm(text) {
  const own = text.match(/^(?:\*\*)?(🆘 [^\n]+)\n+/u);
  return own ? [own[1].replaceAll("**", ""), text.slice(own[0].length)] : ["🆘 KHẨN CẤP – xin đọc và làm ngay", text];
}

function bot(entry, actions) {
  const { text, buttons, media: parts, urgent } = entry.message;
  const body = element("div", "bubble", hidden("Trợ lý: "));
  const [heading, words] = urgent ? alarm(text) : ["", text];
  if (heading) body.append(element("p", "alarm", heading));
  body.append(rendered(words), ...parts.flatMap(shown));
  if (text.length > SHORT) body.append(readButton(text));
  const article = element("div", urgent ? "turn bot urgent" : "turn bot", body, ...choices(buttons, actions.press));
  article.tabIndex = -1;
  return article;
}

function failure(entry, actions) {
  const box = element("div", "failure", element("p", "", `⚠ ${entry.error || "Chưa gửi được."}`));
  if (entry.again === false) return box;
  const again = element("button", "choice", "↻ Gửi lại");
  again.type = "button";
  again.addEventListener("click", () => actions.retry(entry));
  box.append(again);
  return box;
}

function me(entry, actions) {
  const turn = element("div", "turn me");
  if (entry.text) turn.append(element("div", "bubble", hidden("Bạn: "), element("p", "", entry.text)));
  if (entry.state === "failed") turn.append(failure(entry, actions));
  return turn;
}

/** The element of an entry. `actions`: press(button, element, event) and retry(entry). */
export function bubble(entry, actions) {
  return entry.kind === "bot" ? bot(entry, actions) : me(entry, actions);
}
