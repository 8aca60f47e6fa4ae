"use strict";
/* Decoding and drawing of figures. Joint order as in the dataset; the neck is derived. */
const DATA = JSON.parse(document.getElementById("data").textContent);
const HEAD_RADIUS = 0.085;
const [HEAD, PELVIS, NECK] = [0, 1, 10];
const LIMBS = [
  [[PELVIS, NECK, HEAD], "body"],
  [[NECK, 2, 3], "left"], [[NECK, 4, 5], "right"],
  [[PELVIS, 6, 7], "left"], [[PELVIS, 8, 9], "right"],
];
const TRAILED = [[3, "left"], [5, "right"], [7, "left"], [9, "right"]];
const TRAIL_FRAMES = 20;
const WIDEST = 2.6;  // H: beyond it the camera follows instead of showing the whole way

function decodeFigure(figure) {
  const bytes = Uint8Array.from(atob(figure.motion), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const xy = new Float32Array(figure.frames * 20);
  for (let i = 0; i < xy.length; i++) xy[i] = view.getInt16(2 * i, true) * figure.step;
  return { frames: figure.frames, xy, depth: new Int8Array(bytes.buffer, 4 * figure.frames * 10) };
}

/* Where the camera looks in each frame, and how much it must show. */
function frameScene(figures) {
  const frames = Math.max(1, ...figures.map((f) => f.frames));
  let [left, right, low, high] = [Infinity, -Infinity, 0, 1.12];
  for (const { xy } of figures) {
    for (let i = 0; i < xy.length; i += 2) {
      left = Math.min(left, xy[i]); right = Math.max(right, xy[i]);
      low = Math.min(low, xy[i + 1]); high = Math.max(high, xy[i + 1]);
    }
  }
  if (left > right) [left, right] = [-0.5, 0.5];
  const centre = new Float32Array(frames).fill((left + right) / 2);
  const half = new Float32Array(frames).fill(Math.max((right - left) / 2 + 0.2, 0.8));
  if (right - left > WIDEST) followScene(figures, centre, half);
  return { frames, centre, half, low: low - 0.12, high: high + 0.16 };
}

/* Mean or largest value around each frame. */
function around(values, reach, join) {
  return values.map((_, t) => join(values.subarray(Math.max(0, t - reach), t + reach + 1)));
}

const meanOf = (part) => part.reduce((a, b) => a + b, 0) / part.length;
const largestOf = (part) => part.reduce((a, b) => Math.max(a, b), 0);

function followScene(figures, centre, half) {
  const pelvis = (f, t) => f.xy[Math.min(t, f.frames - 1) * 20 + 2 * PELVIS];
  const raw = centre.map((_, t) => figures.reduce((sum, f) => sum + pelvis(f, t), 0) / figures.length);
  centre.set(around(raw, 12, meanOf));
  const need = centre.map((x, t) => {
    let most = 0.6;
    for (const f of figures) {
      const at = Math.min(t, f.frames - 1) * 20;
      for (let j = 0; j < 10; j++) most = Math.max(most, Math.abs(f.xy[at + 2 * j] - x));
    }
    return most + 0.2;
  });
  half.set(around(around(need, 20, largestOf), 20, meanOf));
}

function prepareScene(scene) {
  if (!scene.ready) {
    const figures = scene.figures.map(decodeFigure);
    scene.ready = { figures, ...frameScene(figures) };
  }
  return scene.ready;
}

function fitCanvas(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
  return width > 0 && height > 0;
}

function drawScene(canvas, scene, frame, colours, trails) {
  if (!fitCanvas(canvas)) return;
  const { figures, frames, centre, half, low, high } = prepareScene(scene);
  const context = canvas.getContext("2d");
  const [width, height] = [canvas.width, canvas.height];
  const t = Math.max(0, Math.min(frames - 1, frame));
  const scale = Math.min(width / (2 * half[t]), height / (high - low));
  const base = height - Math.max(0, (height - scale * (high - low)) * 0.35) + scale * low;
  const place = (x, y) => [width / 2 + (x - centre[t]) * scale, base - y * scale];
  context.clearRect(0, 0, width, height);
  drawFloor(context, width, scale, centre[t], base, colours);
  const pieces = [];
  figures.forEach((figure, n) => {
    const at = Math.min(t, figure.frames - 1);
    if (trails) drawTrails(context, figure, at, place, scale, colours);
    collect(pieces, figure, at, n, place);
  });
  pieces.sort((a, b) => a.depth - b.depth);
  for (const piece of pieces) drawPiece(context, piece, scale, colours);
}

function drawFloor(context, width, scale, centre, base, colours) {
  context.strokeStyle = colours.floor;
  context.lineWidth = Math.max(1, scale * 0.008);
  context.beginPath();
  context.moveTo(0, base); context.lineTo(width, base);
  const reach = width / 2 / scale;
  for (let k = Math.ceil((centre - reach) * 2); k <= (centre + reach) * 2; k++) {
    const x = width / 2 + (k / 2 - centre) * scale;
    context.moveTo(x, base); context.lineTo(x, base + scale * 0.03);
  }
  context.stroke();
}

function drawTrails(context, figure, at, place, scale, colours) {
  context.lineWidth = Math.max(1, scale * 0.012);
  for (const [joint, side] of TRAILED) {
    context.strokeStyle = colours[side];
    for (let k = Math.max(1, at - TRAIL_FRAMES); k <= at; k++) {
      const [i, j] = [(k - 1) * 20 + 2 * joint, k * 20 + 2 * joint];
      context.globalAlpha = 0.55 * (1 - (at - k) / TRAIL_FRAMES);
      context.beginPath();
      context.moveTo(...place(figure.xy[i], figure.xy[i + 1]));
      context.lineTo(...place(figure.xy[j], figure.xy[j + 1]));
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

function collect(pieces, figure, at, actor, place) {
  const points = [], depths = [];
  for (let j = 0; j < 10; j++) {
    points.push([figure.xy[at * 20 + 2 * j], figure.xy[at * 20 + 2 * j + 1]]);
    depths.push(figure.depth[at * 10 + j]);
  }
  const along = (a, b) => a + DATA.neck * (b - a);
  points.push([along(points[PELVIS][0], points[HEAD][0]), along(points[PELVIS][1], points[HEAD][1])]);
  depths.push(along(depths[PELVIS], depths[HEAD]));
  const screen = points.map(([x, y]) => place(x, y));
  const torso = actor === 0 ? "body" : "partner";
  for (const [chain, kind] of LIMBS) {
    const colour = kind === "body" ? torso : kind;
    const depth = (depths[chain[0]] + 2 * depths[chain[1]] + depths[chain[2]]) / 4;
    pieces.push({ line: chain.map((j) => screen[j]), depth, colour, thick: kind === "body" });
  }
  pieces.push({ circle: screen[HEAD], depth: depths[HEAD] + 1, colour: torso });
}

function drawPiece(context, piece, scale, colours) {
  context.beginPath();
  if (piece.circle) {
    context.arc(...piece.circle, HEAD_RADIUS * scale, 0, 2 * Math.PI);
    context.fillStyle = colours[piece.colour];
    context.fill();
    return;
  }
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const point of piece.line) context.lineTo(...point);
  const wide = scale * (piece.thick ? 0.05 : 0.043);
  /* a rim in the colour of the card keeps crossing limbs apart */
  context.strokeStyle = colours.card; context.lineWidth = wide * 1.5; context.stroke();
  context.strokeStyle = colours[piece.colour]; context.lineWidth = wide; context.stroke();
}
