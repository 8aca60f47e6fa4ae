/* Figures of a prompt, all seen from one distance, so that they can be compared. */
const WIDEST = 1.7;  // H: beyond it the camera follows instead of showing the whole way
const FIELD = (22 * Math.PI) / 180, RISE = 0.13;
const PLAIN = { colours: "side", thickness: 1, faces: true, ground: true };
const SIMPLE = { ...PLAIN, ground: false };
const STRAIGHT = freshHand();

/* Mean around each frame. */
function smoothed(values, reach) {
  return values.map((_, t) => {
    const part = values.subarray(Math.max(0, t - reach), t + reach + 1);
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
}

/* Where the camera looks in each frame of each figure, and how much it must show. */
function frameRow(figures) {
  const width = 3 * JOINTS;
  let low = 0, high = 1.08, widest = 0, half = 0.62;
  for (const { places } of figures) {
    let [left, right] = [Infinity, -Infinity];
    for (let k = 0; k < places.length; k += 3) {
      left = Math.min(left, places[k]); right = Math.max(right, places[k]);
      low = Math.min(low, places[k + 1]); high = Math.max(high, places[k + 1]);
    }
    widest = Math.max(widest, right - left);
  }
  for (const figure of figures) {
    const { places, frames } = figure;
    const pelvis = new Float32Array(frames).map((_, t) => places[t * width + 3 * PELVIS]);
    const middle = (Math.min(...pelvis) + Math.max(...pelvis)) / 2;
    figure.centre = widest > WIDEST ? smoothed(pelvis, 14) : new Float32Array(frames).fill(middle);
    for (let k = 0; k < places.length; k += 3) half = Math.max(half, Math.abs(places[k] - figure.centre[Math.floor(k / width)]));
  }
  return { half: half + 0.1, low: Math.max(low, -0.6), high: Math.min(high, 3) + 0.06 };
}

function viewOf(frame, figure, time, aspect) {
  const at = Math.min(Math.max(time * figure.fps, 0), figure.frames - 1), first = Math.floor(at);
  const next = Math.min(first + 1, figure.frames - 1);
  const x = figure.centre[first] + (at - first) * (figure.centre[next] - figure.centre[first]);
  const tall = (frame.high - frame.low + 0.2) / 2, y = (frame.high + frame.low) / 2 - 0.05;
  const away = Math.max(tall, Math.min(frame.half, 4) / aspect) / Math.tan(FIELD / 2);
  return [x, y + RISE * away, away, x, y, 0, FIELD];
}

function fitCanvas(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
  return width > 0 && height > 0;
}

/* Half H by half H on the floor, enough of it for a small picture. */
function drawTiles(context, camera, look) {
  const [x, reach, far, near] = [camera.target[0], 3.5, -1, 2];
  const line = (...ends) => {
    const seen = see(camera, ends, new Float32Array(6));
    if (Math.min(seen[2], seen[5]) < NEAR) return;
    const [a, b] = [project(camera, seen[0], seen[1], seen[2]), project(camera, seen[3], seen[4], seen[5])];
    context.moveTo(a.x, a.y); context.lineTo(b.x, b.y);
  };
  context.beginPath();
  for (let z = far; z <= near; z += 0.5) line(x - reach, 0, z, x + reach, 0, z);
  for (let k = Math.ceil((x - reach) * 2); k <= (x + reach) * 2; k++) line(k / 2, 0, far, k / 2, 0, near);
  context.strokeStyle = css(look.grid, look.grid_cover * 0.7);
  context.lineWidth = Math.max(1, camera.focal / 900);
  context.stroke();
}

/* `ghost`: a figure behind it, or null; `hand`: how the viewer has turned it. */
function drawCell(canvas, figure, time, { frame, look, ghost = null, hand = STRAIGHT, large = false }) {
  if (!fitCanvas(canvas)) return;
  const { width, height } = canvas, context = canvas.getContext("2d");
  const view = byHand(viewOf(frame, figure, time, width / height), hand);
  const camera = makeCamera(view, { x: width / 2, y: height / 2, height });
  drawScenery(context, { width, height, frame: height }, camera, look, large ? PLAIN : SIMPLE);
  if (!large) drawTiles(context, camera, look);
  const ink = { ...look, left: look.ghost, right: look.ghost, trunk: look.ghost };
  if (ghost) drawBody(context, ghost, time, camera, ink, { ...PLAIN, faces: false });
  drawBody(context, figure, time, camera, look, PLAIN);
}

function drawBody(context, figure, time, camera, look, options) {
  const { pieces, people } = layOut(figure, time, camera, look, options);
  if (options.faces) drawShadows(context, people, camera, look);
  drawPeople(context, people, pieces, look, options);
}
