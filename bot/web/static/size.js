// Three sizes of letters, remembered on this device.

import { size } from "./store.js";

const SIZES = ["normal", "large", "very_large"];

export function apply(name) {
  if (!SIZES.includes(name)) return;
  size.set(name);
  document.documentElement.dataset.size = name;
  mark(name);
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
