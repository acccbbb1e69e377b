// The contrast of the brand's colour while it is being chosen, as
// crates/design/src/palette.rs computes it: the figures of the server stand
// until then.

const LIGHT = [0xe6, 0xec, 0xea];
const DARK = [0x1c, 0x2a, 0x28];
const READABLE = 4.5;

const parse = (text) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
const write = (color) => `#${color.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
const mix = (color, towards, share) => color.map((part, at) => Math.round(part * (1 - share) + towards[at] * share));

function luminance(color) {
  const [red, green, blue] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function readable(color, surface, towards) {
  const steps = Array.from({ length: 51 }, (_, step) => mix(color, towards, step / 50));
  return steps.find((step) => contrast(step, surface) >= READABLE) ?? towards;
}

function inkOn(brand) {
  const black = [0, 0, 0];
  return [mix(brand, black, 0.9), black].find((ink) => contrast(ink, brand) >= READABLE) ?? [255, 255, 255];
}

const field = document.querySelector("#color");
field?.addEventListener("input", () => {
  const brand = parse(field.value);
  const checks = {
    "brand-check-ink": [inkOn(brand), brand],
    "brand-check-light": [readable(brand, LIGHT, [0, 0, 0]), LIGHT],
    "brand-check-dark": [readable(brand, DARK, [255, 255, 255]), DARK],
  };
  for (const [id, [text, surface]] of Object.entries(checks)) {
    document.querySelector(`[data-colour="${id}"]`).textContent = write(text);
    document.querySelector(`[data-contrast="${id}"]`).textContent = `${contrast(text, surface).toFixed(1)} : 1`;
  }
});
