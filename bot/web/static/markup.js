// The small mark-up of bubbles as elements: **bold**, lists, paragraphs. Text only ever becomes text nodes.

const BULLET = /^[-•]\s+(.*)$/;
const NUMBER = /^(\d{1,2})[.)]\s+(.*)$/;
const ASIDE = /^(Nguồn( và ngày rà soát)?|Riêng tư):/; // where an answer comes from, what is kept: smaller than the answer itself
const HOTLINES = new Set(["111", "113", "114", "115"]);

function element(name, text) {
  const made = document.createElement(name);
  if (text !== undefined) made.append(text);
  return made;
}

function bold(text) {
  const made = element("strong", text);
  if (!HOTLINES.has(text)) return made;
  const call = element("a");
  call.href = `tel:${text}`;
  call.append(made);
  return call;
}

/** A line with its bold parts. */
function inline(line) {
  const parts = line.split(/\*\*([^*]+)\*\*/);
  return parts.map((part, index) => (index % 2 ? bold(part) : document.createTextNode(part)));
}

function lineKind(line) {
  if (BULLET.test(line)) return "ul";
  return NUMBER.test(line) ? "ol" : "p";
}

function add(block, kind, line) {
  if (kind === "p") {
    if (block.childNodes.length) block.append(element("br"));
    block.append(...inline(line));
    return;
  }
  const item = element("li");
  item.append(...inline(line.replace(kind === "ul" ? /^[-•]\s+/ : /^\d{1,2}[.)]\s+/, "")));
  block.append(item);
}

function started(kind, line) {
  const block = element(kind);
  if (ASIDE.test(line)) block.className = "source";
  if (kind === "ol") block.start = Number(line.match(NUMBER)[1]);
  return block;
}

/** Elements for a bubble's text. */
export function rendered(text) {
  const out = document.createDocumentFragment();
  let block = null;
  let open = "";
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (!line) {
      if (open === "p") open = "";
      continue;
    }
    const kind = lineKind(line);
    if (kind !== open) {
      block = started(kind, line);
      out.append(block);
      open = kind;
    }
    add(block, kind, line);
  }
  return out;
}

/** The same text to be spoken: no mark-up, no pictographs. */
export function spoken(text) {
  const plain = text.replace(/\*\*/g, "").replace(/^[-•]\s+/gm, "");
  return plain.replace(/[\p{Extended_Pictographic}\uFE0F\u200D]/gu, "").trim();
}
