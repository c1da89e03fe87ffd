// Three sizes of letters, remembered on this device.

import { size } from "./store.js";

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

export function install() {
  apply(SIZES.includes(size.get()) ? size.get() : SIZES[0]);
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
}
