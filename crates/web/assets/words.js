// What scripts say: messages that the page brings along, in its language.
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export const language = document.documentElement.lang;

export function say(id, values = {}) {
  return (words[id] ?? id).replace(/\{\s*(\w+)\s*\}/g, (whole, name) => values[name] ?? whole);
}
