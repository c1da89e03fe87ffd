// The little that HTML and htmx do not do: asking before something is thrown away, warning before typed text is lost.
"use strict";

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

let typed = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("#editor")) typed = true;
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "editor") typed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

// A row that was added or moved keeps the keyboard where the person was; the preview follows it.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "editor") return;
  const next = document.querySelector("#editor [autofocus]");
  if (next) next.focus();
  typed = true;
  const preview = document.getElementById("preview");
  if (preview) preview.dispatchEvent(new Event("look"));
});
