/* Faces: lines that follow a few numbers, on a ball inside the head that is seen from any side.
   The shapes are those of stickgen_model/render/face_strokes.py; units: the head's radius. */
const FACE_NUMBERS = 8, FACE_WIDTH = 14;  // six features and the gaze; then two axes of the head
const SHAPE = DATA.figure.face, LINE_POINTS = SHAPE.points, BALL = SHAPE.ball;
const MOUTH = 4;
const SMALLEST_FACE = [3, 5];  // pixels of the head's radius between no face and all of it

function smooth(share) {
  const v = Math.min(Math.max(share, 0), 1);
  return v * v * (3 - 2 * v);
}

function brow(face, side, k) {
  const share = -1 + (2 * k) / (LINE_POINTS - 1);
  return [
    side * (SHAPE.brow[0] + SHAPE.brow_half * share),
    SHAPE.brow[1] + SHAPE.brow_arch * (1 - share * share) + SHAPE.brow_rise * face.height - SHAPE.brow_tilt * face.tilt * share,
  ];
}

function eye(face, side, k) {
  const angle = (2 * Math.PI * k) / LINE_POINTS, open = face.open;
  const shut = Math.min(Math.max(1 - open, 0), 1);
  const wide = SHAPE.eye_size[0] * (1 + SHAPE.wide_eyed * Math.max(open - 1, 0)) * (1 + 0.5 * shut * shut);
  return [
    side * SHAPE.eye[0] + wide * Math.cos(angle) + SHAPE.gaze[0] * face.right,
    SHAPE.eye[1] + SHAPE.eye_size[1] * open * Math.sin(angle) + SHAPE.gaze[1] * face.up,
  ];
}

function mouth(face, k) {
  const half = LINE_POINTS / 2, lower = k >= half;
  const share = (lower ? 1 : -1) * Math.cos((Math.PI * (k % half)) / half);
  const bow = Math.max(1 - share * share, 0), [narrow, full] = SHAPE.round;
  const lip = bow + smooth((full - face.width) / (full - narrow)) * (Math.sqrt(bow) - bow);
  return [
    SHAPE.mouth_half * face.width * share,
    SHAPE.mouth_y + SHAPE.smile * face.curve * (0.5 - bow) + face.mouth * lip * (lower ? -SHAPE.lips[1] : SHAPE.lips[0]),
  ];
}

const SHAPES = [(face, k) => brow(face, 1, k), (face, k) => brow(face, -1, k), (face, k) => eye(face, 1, k), (face, k) => eye(face, -1, k), mouth];

/* The lines of a face as a camera sees them: points (right, up) and how much they are seen. */
function faceAt(scene, actor, span, camera) {
  const row = (t) => (actor * scene.frames + t) * FACE_WIDTH;
  const [a, b] = [row(span.first), row(span.next)];
  const number = (k) => (scene.faces[a + k] + span.share * (scene.faces[b + k] - scene.faces[a + k])) / 127;
  const [height, tilt, open, curve, opened, width, right, up] = Array.from({ length: FACE_NUMBERS }, (_, k) => SHAPE.range * number(k));
  const axis = (k) => { const v = [number(k), number(k + 1), number(k + 2)]; const n = Math.hypot(...v) || 1; return v.map((c) => c / n); };
  const left = axis(8), top = axis(11);
  const front = [left[1] * top[2] - left[2] * top[1], left[2] * top[0] - left[0] * top[2], left[0] * top[1] - left[1] * top[0]];
  const dot = (p, q) => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  const turned = [left, top, front].map((v) => [dot(v, camera.right), dot(v, camera.up), -dot(v, camera.forward)]);
  const face = { height, tilt, open, curve, mouth: opened, width, right, up };
  return SHAPES.map((shape, line) => faceLine((k) => shape(face, k), turned, line));
}

function faceLine(place, [left, top, front], line) {
  const points = [];
  let sum = 0, most = -1;
  for (let k = 0; k < LINE_POINTS; k++) {
    let [x, y] = place(k);
    const inside = Math.min(1, (SHAPE.limb * BALL) / Math.max(Math.hypot(x, y), 1e-9));
    x *= inside; y *= inside;
    const z = Math.sqrt(Math.max(BALL * BALL - x * x - y * y, 0));
    let [right, up, ahead] = [0, 1, 2].map((c) => x * left[c] + y * top[c] + z * front[c]);
    sum += ahead; most = Math.max(most, ahead);
    const away = Math.hypot(right, up);
    // what is behind the ball's edge is laid onto it
    if (ahead < 0 && away > 1e-6) { right *= BALL / away; up *= BALL / away; }
    points.push([right, up]);
  }
  const [low, high] = SHAPE.fade[line];
  return { points, cover: smooth(((line === MOUTH ? most : sum / LINE_POINTS) - low) / (high - low)) };
}

function drawFace(context, face, { x, y, radius }, ink) {
  const large = Math.min(Math.max((radius - SMALLEST_FACE[0]) / (SMALLEST_FACE[1] - SMALLEST_FACE[0]), 0), 1);
  context.save();
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = ink;
  face.forEach(({ points, cover }, line) => {
    if (cover * large < 0.02) return;
    context.globalAlpha = cover * large;
    context.lineWidth = Math.max(SHAPE.widths[line] * radius, 0.6);
    context.beginPath();
    for (const [right, up] of points) context.lineTo(x + radius * right, y - radius * up);
    if (SHAPE.closed[line]) { context.closePath(); context.fill(); }
    context.stroke();
  });
  context.restore();
}
