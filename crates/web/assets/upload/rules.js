// Whether a clip may take part, as far as a browser can tell: its kind and size at
// once, its length and picture from a media element. What the browser cannot open
// is for the server to judge.

const PATIENCE_MS = 10_000;

// What the API takes besides `video/…`.
const OTHER_TYPES = ["application/octet-stream", "application/mp4", "application/mxf", "application/ogg", "application/x-matroska"];
const ENDINGS = /\.(3gp|avi|flv|m2ts|m4v|mkv|mov|mp4|mpe?g|mts|mxf|ogv|ts|webm|wmv)$/i;

const isKnown = (type) => type.startsWith("video/") || OTHER_TYPES.includes(type);
const mayBeVideo = ({ type, name }) => !type || isKnown(type) || ENDINGS.test(name);

// What to call a file towards the API: browsers have odd names for some endings.
export const mediaType = ({ type }) => (isKnown(type) ? type : "application/octet-stream");

// The first rule that the file itself breaks, or null.
export function judgeFile(file, rules) {
  if (!mayBeVideo(file)) return { code: "type" };
  if (file.size === 0) return { code: "empty" };
  if (file.size > rules.max_size_bytes) return { code: "size", actual: file.size, limit: rules.max_size_bytes };
  return null;
}

// The first rule that its picture breaks, or null; by the same measures as the
// server's.
export function judgePicture({ duration, width, height }, rules) {
  const [lines, side] = [Math.min(width, height), Math.max(width, height)];
  if (side > rules.max_side) return { code: "high", actual: side, limit: rules.max_side };
  if (lines < rules.min_lines) return { code: "low", actual: lines, limit: rules.min_lines };
  if (duration < rules.min_duration_s - rules.tolerance_s) return { code: "short", actual: duration, limit: rules.min_duration_s };
  if (duration > rules.max_duration_s + rules.tolerance_s) return { code: "long", actual: duration, limit: rules.max_duration_s };
  return null;
}

// Length and picture; null when the browser cannot tell.
export function measure(file) {
  return new Promise((resolve) => {
    const video = document.createElement("video");
    const address = URL.createObjectURL(file);
    const settle = (facts) => {
      clearTimeout(timer);
      video.removeAttribute("src");
      URL.revokeObjectURL(address);
      resolve(facts);
    };
    const timer = setTimeout(settle, PATIENCE_MS, null);
    video.onloadedmetadata = () => {
      const { duration, videoWidth: width, videoHeight: height } = video;
      settle(Number.isFinite(duration) && width > 0 ? { duration, width, height } : null);
    };
    video.onerror = () => settle(null);
    video.preload = "metadata";
    video.muted = true;
    video.src = address;
    video.load();
  });
}
