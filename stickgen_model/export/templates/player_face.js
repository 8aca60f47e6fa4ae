/* Faces: lines that follow a few numbers, on the ball of a head that is seen from any side. */
const FACE = DATA.figure.face;
const FACE_NUMBERS = 8, FACE_WIDTH = 14;  // six features and the gaze; then two axes of the head
const STROKES = FACE.widths.length;
const BASIS = new Int16Array(bytesOf(FACE.basis));
const STROKE_POINTS = BASIS.length / (2 * STROKES * (1 + FACE_NUMBERS));
const FACE_EDGE = [0.02, 0.25];

function faceAt(scene, actor, span, camera) {
  const row = (t) => (actor * scene.frames + t) * FACE_WIDTH;
  const [a, b] = [row(span.first), row(span.next)];
  const number = (k) => (scene.faces[a + k] + span.share * (scene.faces[b + k] - scene.faces[a + k])) / 127;
  const features = Array.from({ length: FACE_NUMBERS }, (_, k) => FACE.range * number(k));
  const axis = (k) => { const v = [number(k), number(k + 1), number(k + 2)]; const n = Math.hypot(...v) || 1; return v.map((c) => c / n); };
  const left = axis(8), up = axis(11);
  const front = [left[1] * up[2] - left[2] * up[1], left[2] * up[0] - left[0] * up[2], left[0] * up[1] - left[1] * up[0]];
  const dot = (p, q) => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  const turned = [left, up, front].map((v) => [dot(v, camera.right), dot(v, camera.up), -dot(v, camera.forward)]);
  return Array.from({ length: STROKES }, (_, stroke) => faceStroke(features, turned, stroke));
}

function faceStroke(features, [left, up, front], stroke) {
  const points = [], size = STROKES * STROKE_POINTS * 2;
  let facing = 0;
  for (let p = 0; p < STROKE_POINTS; p++) {
    const k = (stroke * STROKE_POINTS + p) * 2;
    let x = BASIS[k], y = BASIS[k + 1];
    features.forEach((value, n) => { x += value * BASIS[(n + 1) * size + k]; y += value * BASIS[(n + 1) * size + k + 1]; });
    x *= FACE.step; y *= FACE.step;
    const inside = Math.min(1, 0.97 / Math.max(Math.hypot(x, y), 1e-9));
    x *= inside; y *= inside;
    const z = Math.sqrt(Math.max(1 - x * x - y * y, 0));
    points.push([x * left[0] + y * up[0] + z * front[0], x * left[1] + y * up[1] + z * front[1]]);
    facing += x * left[2] + y * up[2] + z * front[2];
  }
  const share = Math.min(Math.max((facing / STROKE_POINTS - FACE_EDGE[0]) / (FACE_EDGE[1] - FACE_EDGE[0]), 0), 1);
  return { points, cover: share * share * (3 - 2 * share) };
}

function drawFace(context, face, { x, y, radius, inside }, ink) {
  context.save();
  context.beginPath();
  context.arc(x, y, inside, 0, 2 * Math.PI);
  context.clip();
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = ink;
  face.forEach(({ points, cover }, stroke) => {
    if (cover < 0.02) return;
    context.globalAlpha = cover;
    context.lineWidth = Math.max(FACE.widths[stroke] * radius, 0.6);
    context.beginPath();
    for (const [right, up] of points) context.lineTo(x + radius * right, y - radius * up);
    if (FACE.closed[stroke]) { context.closePath(); context.fill(); }
    context.stroke();
  });
  context.restore();
}
