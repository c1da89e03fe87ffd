// Three sizes of letters, remembered on this device.

import { size, wish } from "./store.js";

const SIZES = ["normal", "large", "very_large"];

export function apply(name) {
  if (!SIZES.includes(name)) return;
  const reading = firstInView();
  size.set(name);
  document.documentElement.dataset.size = name;
  mark(name);
  reading?.scrollIntoView({ block: "start", behavior: "instant" }); // larger letters must not lose one's place
}

/** What stands at the top of the page, below the header; nothing while the page has not been scrolled. */
function firstInView() {
  if (!scrollY) return null;
  const header = document.querySelector(".top").getBoundingClientRect().bottom;
  const parts = document.querySelectorAll(".turn .bubble > :not(.sr-only), .choices > li");
  return [...parts].find((part) => part.getBoundingClientRect().bottom > header + 8);
}

function mark(name) {
  const at = SIZES.indexOf(name);
  for (const button of document.querySelectorAll("[data-step]")) {
    const end = { "-1": at === 0, 0: at === 0, 1: at === SIZES.length - 1 }[button.dataset.step];
    button.setAttribute("aria-disabled", String(end));
  }
}

function step(by) {
  const at = SIZES.indexOf(size.get());
  apply(by === 0 ? SIZES[0] : SIZES[Math.min(Math.max(at + by, 0), SIZES.length - 1)]);
}

/** What was chosen in the conversation's settings. */
export function choose(name) {
  wish.set(name);
  apply(name);
}

/** What was asked for in words: "chữ to hơn" shows larger letters than there are now, whoever set those. */
export function follow(wished) {
  const before = SIZES.indexOf(wish.get() ?? SIZES[0]);
  const now = SIZES.indexOf(wished);
  if (now < 0 || now === before) return;
  wish.set(wished);
  if (now > before && size.get() === wished) step(1);
  else apply(wished);
}

export function install() {
  apply(SIZES.includes(size.get()) ? size.get() : SIZES[0]);
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
}
