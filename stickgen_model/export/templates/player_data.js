"use strict";
/* What the page holds, and a pose between its frames.
   Places are in H (body height): x right, y up from the floor, z towards the viewer. */
const DATA = JSON.parse(document.getElementById("data").textContent);
const JOINTS = 10;
const HEAD = 0, PELVIS = 1, NECK = 10;  // the neck is not stored: it lies on the trunk
const POINTS = JOINTS + 1;

function bytesOf(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
}

/* Numbers of a scene: the pelvis as float32, then joints from it as int16 steps. */
function decodeScene(raw) {
  const count = raw.actors * raw.frames;
  const bytes = bytesOf(raw.motion);
  const roots = new DataView(bytes, 0, count * 12);
  const near = new DataView(bytes, count * 12);
  const places = new Float32Array(count * JOINTS * 3);
  for (let n = 0; n < count; n++) {
    for (let j = 0; j < JOINTS * 3; j++) {
      const k = n * JOINTS * 3 + j;
      places[k] = roots.getFloat32(12 * n + 4 * (j % 3), true) + raw.step * near.getInt16(2 * k, true);
    }
  }
  const views = new Float32Array(bytesOf(raw.views));
  const faces = new Int8Array(bytesOf(raw.faces));
  return { ...raw, places, views, faces, seconds: raw.frames / raw.fps, last: (raw.frames - 1) / raw.fps };
}

/* Frames around a time, and how far it is between the middle two; the last frame is held. */
function spanAt(scene, time) {
  const at = Math.min(Math.max(time * scene.fps, 0), scene.frames - 1);
  const first = Math.min(Math.floor(at), Math.max(scene.frames - 2, 0));
  const next = Math.min(first + 1, scene.frames - 1);
  return { first, next, share: at - first, before: first > 0 ? first - 1 : -1, after: next + 1 < scene.frames ? next + 1 : -1 };
}

/* Slope at a frame of a curve that keeps between its frames (Fritsch and Butland 1984). */
function slope(low, high) {
  return low * high > 0 ? (2 * low * high) / (low + high) : 0;
}

function endSlope(own, other) {
  const d = 1.5 * own - 0.5 * other;
  if (d * own <= 0) return 0;
  return own * other < 0 && Math.abs(d) > 3 * Math.abs(own) ? 3 * own : d;
}

function between(before, low, high, after, u) {
  const step = high - low;
  const one = Number.isNaN(before), two = Number.isNaN(after);
  const m0 = one ? (two ? step : endSlope(step, after - high)) : slope(low - before, step);
  const m1 = two ? (one ? step : endSlope(step, low - before)) : slope(step, after - high);
  const v = 1 - u;
  return (1 + 2 * u) * v * v * low + u * v * v * m0 + u * u * (3 - 2 * u) * high - u * u * v * m1;
}

/* Fill `out` with the places of all points of an actor, the neck last. */
function poseAt(scene, actor, span, out) {
  const row = (t) => (actor * scene.frames + t) * JOINTS * 3;
  const v = scene.places;
  for (let k = 0; k < JOINTS * 3; k++) {
    const before = span.before < 0 ? NaN : v[row(span.before) + k];
    const after = span.after < 0 ? NaN : v[row(span.after) + k];
    out[k] = between(before, v[row(span.first) + k], v[row(span.next) + k], after, span.share);
  }
  for (let k = 0; k < 3; k++) {
    const low = out[PELVIS * 3 + k];
    out[NECK * 3 + k] = low + DATA.figure.neck * (out[HEAD * 3 + k] - low);
  }
  return out;
}

/* Of several captions at a time the one that began last. */
function captionAt(scene, time) {
  let text = "";
  for (const [start, end, line] of scene.captions) if (time >= start && time < end) text = line;
  return text;
}
