// Runs before the first paint, so that the page never jumps from small to large letters.
try {
  document.documentElement.dataset.size = localStorage.getItem("hocvuso.size") || "normal";
} catch {
  document.documentElement.dataset.size = "normal";
}
