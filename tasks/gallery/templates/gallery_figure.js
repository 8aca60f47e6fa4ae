"use strict";
/* Decoding and drawing of figures. Places in H: x right, y up from the floor, z to the viewer. */
const DATA = JSON.parse(document.getElementById("data").textContent);
const JOINTS = 10, HEAD = 0, PELVIS = 1, NECK = 10;
const LIMBS = [
  [[PELVIS, NECK, HEAD], "body", 0.05],
  [[NECK, 2, 3], "left", 0.042], [[NECK, 4, 5], "right", 0.042],
  [[PELVIS, 6, 7], "left", 0.042], [[PELVIS, 8, 9], "right", 0.042],
];
const HEAD_RADIUS = 0.085;
const WIDEST = 2.4;  // H: beyond it the camera follows instead of showing the whole way
const FIELD = (22 * Math.PI) / 180, PITCH = 0.1;

function decodeCell(cell) {
  const bytes = Uint8Array.from(atob(cell.motion), (c) => c.charCodeAt(0)).buffer;
  const count = cell.frames * JOINTS;
  const flat = new DataView(bytes), depth = new Int8Array(bytes, 4 * count);
  const places = new Float32Array(count * 3);
  for (let k = 0; k < count; k++) {
    places[3 * k] = flat.getInt16(4 * k, true) * cell.step;
    places[3 * k + 1] = flat.getInt16(4 * k + 2, true) * cell.step;
    places[3 * k + 2] = depth[k] * cell.deep;
  }
  return { frames: cell.frames, places };
}

/* Mean around each frame. */
function smoothed(values, reach) {
  return values.map((_, t) => {
    const part = values.subarray(Math.max(0, t - reach), t + reach + 1);
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
}

/* All figures of a prompt are seen from one distance, so that they can be compared. */
function frameRow(figures) {
  let low = 0, high = 1.08, widest = 0, half = 0.62;
  for (const figure of figures) {
    let [left, right] = [Infinity, -Infinity];
    const { places } = figure;
    for (let k = 0; k < places.length; k += 3) {
      left = Math.min(left, places[k]); right = Math.max(right, places[k]);
      low = Math.min(low, places[k + 1]); high = Math.max(high, places[k + 1]);
    }
    figure.middle = (left + right) / 2;
    widest = Math.max(widest, right - left);
  }
  for (const figure of figures) {
    const pelvis = new Float32Array(figure.frames).map((_, t) => figure.places[(t * JOINTS + PELVIS) * 3]);
    figure.centre = widest > WIDEST ? smoothed(pelvis, 14) : pelvis.fill(figure.middle);
    for (let k = 0; k < figure.places.length; k += 3) half = Math.max(half, Math.abs(figure.places[k] - figure.centre[Math.floor(k / 30)]));
  }
  return { half: half + 0.14, low, high: high + 0.1 };
}

function fitCanvas(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
  return width > 0 && height > 0;
}

/* From a place in the scene to the canvas: `s` is pixels per H there. */
function makeLens(canvas, frame, centre, hand) {
  const { width, height } = canvas;
  const tall = frame.high - frame.low + 0.22;
  const scale = Math.min(width / (2 * frame.half), height / tall) * hand.zoom;
  const focal = height / (2 * Math.tan(FIELD / 2));
  const far = focal / scale;
  const middle = (frame.high + frame.low) / 2 - 0.02;
  const [sy, cy, sp, cp] = [Math.sin(hand.yaw), Math.cos(hand.yaw), Math.sin(PITCH + hand.pitch), Math.cos(PITCH + hand.pitch)];
  return (x, y, z) => {
    const [dx, dy] = [x - centre, y - middle];
    const across = dx * cy - z * sy, near = dx * sy + z * cy;
    const up = dy * cp - near * sp, ahead = Math.max(far - (near * cp + dy * sp), 0.05);
    const s = focal / ahead;
    return { x: width / 2 + across * s, y: height / 2 - up * s, s, ahead };
  };
}

function drawFloor(context, lens, centre, half, colours) {
  context.strokeStyle = colours.floor;
  context.lineWidth = Math.max(1, lens(centre, 0, 0).s * 0.006);
  const reach = half + 1.2;
  const line = (a, b) => { const [p, q] = [lens(...a), lens(...b)]; context.moveTo(p.x, p.y); context.lineTo(q.x, q.y); };
  context.beginPath();
  for (const z of [-0.5, 0, 0.5]) line([centre - reach, 0, z], [centre + reach, 0, z]);
  for (let k = Math.ceil((centre - reach) * 2); k <= (centre + reach) * 2; k++) line([k / 2, 0, -0.5], [k / 2, 0, 0.5]);
  context.stroke();
}

function drawFigure(context, figure, frame, lens, colours) {
  const t = Math.min(frame, figure.frames - 1), at = t * JOINTS * 3;
  const p = figure.places, points = [];
  for (let j = 0; j < JOINTS; j++) points.push([p[at + 3 * j], p[at + 3 * j + 1], p[at + 3 * j + 2]]);
  points.push(points[PELVIS].map((v, k) => v + DATA.neck * (points[HEAD][k] - v)));
  if (!colours.plain) drawShadow(context, points, lens, colours);
  const seen = points.map((point) => lens(...point));
  const pieces = LIMBS.map(([chain, side, wide]) => ({ line: chain.map((j) => seen[j]), side, wide, ahead: (seen[chain[0]].ahead + 2 * seen[chain[1]].ahead + seen[chain[2]].ahead) / 4 }));
  pieces.push({ head: seen[HEAD], side: "body", ahead: seen[HEAD].ahead });
  pieces.sort((a, b) => b.ahead - a.ahead);
  for (const piece of pieces) drawPiece(context, piece, colours);
}

function drawShadow(context, points, lens, colours) {
  const low = [7, 9, PELVIS].map((j) => points[j]);
  const [x, z] = [0, 2].map((k) => low.reduce((sum, point) => sum + point[k], 0) / 3);
  const wide = Math.max(0.16, Math.abs(points[7][0] - points[9][0]) / 2 + 0.1);
  const middle = lens(x, 0, z);
  context.fillStyle = colours.shade;
  context.beginPath();
  context.ellipse(middle.x, middle.y, wide * middle.s, 0.045 * middle.s, 0, 0, 2 * Math.PI);
  context.fill();
}

function drawPiece(context, piece, colours) {
  const colour = colours.plain || colours[piece.side];
  context.beginPath();
  if (piece.head) {
    context.arc(piece.head.x, piece.head.y, HEAD_RADIUS * piece.head.s, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    return;
  }
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const point of piece.line) context.lineTo(point.x, point.y);
  const wide = piece.wide * piece.line[1].s;
  /* a rim in the colour of the card keeps crossing limbs apart */
  if (!colours.plain) { context.strokeStyle = colours.card; context.lineWidth = wide * 1.5; context.stroke(); }
  context.strokeStyle = colour; context.lineWidth = wide; context.stroke();
}

const STRAIGHT = { yaw: 0, pitch: 0, zoom: 1 };

/* `ghost`: a figure behind it, or null. */
function drawScene(canvas, figure, frame, { row, colours, ghost = null, hand = STRAIGHT }) {
  if (!fitCanvas(canvas)) return;
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  const centre = figure.centre[Math.min(frame, figure.frames - 1)];
  const lens = makeLens(canvas, row, centre, hand);
  drawFloor(context, lens, centre, row.half, colours);
  if (ghost) drawFigure(context, ghost, frame, lens, { plain: colours.floor });
  drawFigure(context, figure, frame, lens, colours);
}
