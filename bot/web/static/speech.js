// Reading a bubble aloud with the device's own Vietnamese voice.

import { spoken } from "./markup.js";

const PIECE = 180; // some voices fall silent in the middle of anything longer
const synthesis = window.speechSynthesis;
let speaking = null;

function vietnameseVoice() {
  const voices = synthesis?.getVoices() ?? [];
  return voices.find((voice) => /^vi\b/i.test(voice.lang.replace("_", "-"))) ?? null;
}

/** Sentences, joined as long as they stay short. */
export function pieces(text) {
  const sentences = spoken(text).split(/(?<=[.!?…:;])\s+|\n+/).filter((each) => each.trim());
  return sentences.reduce((out, sentence) => {
    const last = out.at(-1);
    if (last && last.length + sentence.length < PIECE) out[out.length - 1] = `${last} ${sentence}`;
    else out.push(sentence);
    return out;
  }, []);
}

/** Calls back now and whenever the device's voices become known: is there a Vietnamese one? */
export function whenKnown(callback) {
  const tell = () => callback(vietnameseVoice() !== null);
  synthesis?.addEventListener?.("voiceschanged", tell);
  tell();
}

function show(button, on) {
  button.textContent = on ? "⏹ Dừng đọc" : "🔊 Đọc to";
  button.setAttribute("aria-pressed", String(on));
}

export function stop() {
  if (!speaking) return;
  show(speaking, false);
  speaking = null;
  synthesis.cancel();
}

function read(button, text) {
  speaking = button;
  show(button, true);
  const queue = pieces(text).map((piece) => new SpeechSynthesisUtterance(piece));
  for (const utterance of queue) {
    utterance.lang = "vi-VN";
    utterance.voice = vietnameseVoice();
    utterance.rate = 0.9;
    synthesis.speak(utterance);
  }
  queue.at(-1)?.addEventListener("end", () => speaking === button && stop());
}

/** A button that reads this text, and stops when pressed again. */
export function readButton(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "read";
  show(button, false);
  button.addEventListener("click", () => {
    const again = speaking === button;
    stop();
    if (!again) read(button, text);
  });
  return button;
}

addEventListener("pagehide", stop);
