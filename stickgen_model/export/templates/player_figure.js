/* People: pieces from the furthest to the nearest, in the colours of a look. */
const PIECE_NAMES = DATA.figure.pieces;
const HEAD_PIECE = PIECE_NAMES.indexOf("head"), NECK_PIECE = PIECE_NAMES.indexOf("neck");
const FEET = [7, 9];
const ENDS = [[PELVIS, NECK], [NECK, HEAD], [NECK, 2], [2, 3], [NECK, 4], [4, 5], [PELVIS, 6], [6, 7], [PELVIS, 8], [8, 9], [HEAD, HEAD]];

function pieceColour(look, colours, actor, piece) {
  if (colours === "actor") return look.actors[actor % look.actors.length];
  if (colours === "plain") return look.plain;
  const side = PIECE_NAMES[piece].slice(0, 2);
  return side === "l_" ? look.left : side === "r_" ? look.right : look.trunk;
}

/* What is drawn of a scene at a time, as pixels, ordered. */
function layOut(scene, time, camera, look, options) {
  const span = spanAt(scene, time);
  const pieces = [], people = [];
  for (let actor = 0; actor < scene.actors; actor++) {
    const places = poseAt(scene, actor, span, new Float32Array(POINTS * 3));
    const seen = see(camera, places, new Float32Array(POINTS * 3));
    people.push({ places, face: faceAt(scene, actor, span, camera) });
    addPieces(pieces, seen, actor, camera, look, options);
  }
  pieces.sort((a, b) => b.ahead - a.ahead);
  return { pieces, people };
}

function addPieces(pieces, seen, actor, camera, look, options) {
  const thick = options.thickness * look.line;
  const ahead = ENDS.map(([a, b]) => 0.5 * (seen[3 * a + 2] + seen[3 * b + 2]));
  // the head hides the end of its own neck
  ahead[HEAD_PIECE] = Math.min(ahead[HEAD_PIECE], ahead[NECK_PIECE]) - 1e-4;
  ENDS.forEach(([a, b], piece) => {
    if (Math.max(seen[3 * a + 2], seen[3 * b + 2]) < NEAR) return;
    const ends = Float32Array.of(...seen.slice(3 * a, 3 * a + 3), ...seen.slice(3 * b, 3 * b + 3));
    clipNear(ends, ends);
    const first = project(camera, ends[0], ends[1], ends[2]), second = project(camera, ends[3], ends[4], ends[5]);
    const radii = DATA.figure.radii[piece], factor = piece === HEAD_PIECE ? 1 : thick;
    pieces.push({
      piece, actor, ahead: ahead[piece], first, second,
      r1: radii[0] * factor * first.s, r2: radii[1] * factor * second.s,
      line: Math.min(look.outline * options.thickness, 0.5 * DATA.figure.head) * first.s,
      colour: pieceColour(look, options.colours, actor, piece),
    });
  });
}

/* Add to the path a segment with round ends whose radius changes evenly. */
function capsule(context, item, grow = 0) {
  const { first, second } = item;
  const r1 = Math.max(item.r1 + grow, 0.4), r2 = Math.max(item.r2 + grow, 0.4);
  const dx = second.x - first.x, dy = second.y - first.y, length = Math.hypot(dx, dy);
  if (length <= Math.abs(r1 - r2) + 1e-3) {
    const big = r1 >= r2 ? first : second;
    context.moveTo(big.x + Math.max(r1, r2), big.y);
    context.arc(big.x, big.y, Math.max(r1, r2), 0, 2 * Math.PI);
    return;
  }
  const along = Math.atan2(dy, dx), open = Math.acos((r1 - r2) / length);
  context.moveTo(first.x + r1 * Math.cos(along + open), first.y + r1 * Math.sin(along + open));
  context.arc(first.x, first.y, r1, along + open, along - open);
  context.arc(second.x, second.y, r2, along - open, along + open);
  context.closePath();
}

function drawPeople(context, people, pieces, look, options) {
  if (look.glow) drawGlow(context, pieces, look);
  for (const item of pieces) {
    const ink = css(item.colour);
    if (item.piece === HEAD_PIECE) {
      drawHead(context, item, look, ink, options.faces ? people[item.actor].face : null);
      continue;
    }
    context.beginPath();
    capsule(context, item);
    context.fillStyle = ink;
    context.fill();
    if (look.hollow) {
      context.beginPath();
      capsule(context, item, -item.line * 0.9);
      context.fillStyle = css(look.head);
      context.fill();
    }
  }
}

function drawHead(context, item, look, ink, face) {
  const { x, y } = item.first, radius = item.r1;
  const disc = (r, fill) => {
    context.beginPath();
    context.arc(x, y, Math.max(r, 0.4), 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
  };
  disc(radius, ink);
  disc(radius - item.line, css(look.head));
  if (face) drawFace(context, face, { x, y, radius }, ink);
}

const GLOW_RINGS = 9, GLOW_COVER = 0.42;

/* Light around everything of one colour: rings that add up, the outer ones fainter. */
function drawGlow(context, pieces, look) {
  const colours = [...new Set(pieces.map((item) => css(item.colour)))];
  context.save();
  context.globalCompositeOperation = "lighter";
  for (let ring = GLOW_RINGS; ring > 0; ring--) {
    const reach = ring / GLOW_RINGS;
    context.globalAlpha = (GLOW_COVER * (1 - reach) ** 2 + 0.02) / GLOW_RINGS ** 0.5;
    for (const colour of colours) {
      context.beginPath();
      for (const item of pieces) if (css(item.colour) === colour) capsule(context, item, reach * look.glow * item.first.s);
      context.fillStyle = colour;
      context.fill();
    }
  }
  context.restore();
}

/* Soft ellipses on the ground: of the body and of both feet, fainter the higher they are. */
function drawShadows(context, people, camera, look) {
  const forward = [camera.forward[0], camera.forward[2]];
  const level = Math.max(Math.hypot(...forward), 1e-6);
  for (const { places } of people) {
    const height = (j) => Math.max(places[3 * j + 1], 0);
    for (const foot of FEET) {
      drawShadow(context, camera, look, [places[3 * foot], places[3 * foot + 2]], [0.055, 0.055], Math.exp(-7 * height(foot)));
    }
    const weights = Array.from({ length: JOINTS }, (_, j) => Math.exp(-2 * height(j)));
    const total = weights.reduce((a, b) => a + b, 0);
    const mean = (of) => weights.reduce((sum, w, j) => sum + w * of(3 * j), 0) / total;
    const aside = (k) => places[k] * camera.right[0] + places[k + 2] * camera.right[2];
    const deep = (k) => (places[k] * forward[0] + places[k + 2] * forward[1]) / level;
    const halves = [aside, deep].map((of) => { const middle = mean(of); return 0.1 + 1.5 * Math.sqrt(mean((k) => (of(k) - middle) ** 2)); });
    const lowest = Math.min(...Array.from({ length: JOINTS }, (_, j) => height(j)));
    drawShadow(context, camera, look, [mean((k) => places[k]), mean((k) => places[k + 2])], halves, 0.6 * Math.exp(-1.6 * lowest));
  }
}

function drawShadow(context, camera, look, [x, z], [aside, deep], cover) {
  const seen = see(camera, [x, 0, z], [0, 0, 0]);
  if (seen[2] <= NEAR || cover < 0.02 || camera.position[1] <= NEAR) return;
  const at = project(camera, ...seen);
  const tilt = camera.position[1] / Math.hypot(x - camera.position[0], camera.position[1], z - camera.position[2]);
  context.save();
  context.translate(at.x, at.y);
  context.scale(1, Math.max((deep / aside) * tilt, 1e-3));
  const blur = context.createRadialGradient(0, 0, 0, 0, 0, aside * at.s);
  for (const share of [0, 0.25, 0.5, 0.75, 1]) blur.addColorStop(share, css(look.shadow, Math.min(cover * look.shadow_cover * (1 - share * share) ** 2, 0.999)));
  context.fillStyle = blur;
  context.beginPath();
  context.arc(0, 0, aside * at.s, 0, 2 * Math.PI);
  context.fill();
  context.restore();
}
