/* What lies behind the people: page, ground, grid, horizon. */
const HAZE = 6;  // H over which the ground fades into the page
const GRID_STEP = 0.5, GRID_REACH = 14, GRID_TONES = 8;

function css(colour, cover = 1) {
  return cover >= 1 ? `rgb(${colour.join(" ")})` : `rgb(${colour.join(" ")} / ${cover.toFixed(3)})`;
}

function mixed(first, second, share) {
  return first.map((value, k) => Math.round(value + share * (second[k] - value)));
}

function drawScenery(context, size, camera, look, wanted) {
  context.clearRect(0, 0, size.width, size.height);
  if (look.transparent) return;
  context.fillStyle = css(look.page);
  context.fillRect(0, 0, size.width, size.height);
  if (look.page_grid) drawPaper(context, size, look);
  if (wanted.ground && camera.position[1] > NEAR) drawGround(context, size, camera, look);
}

function drawPaper(context, size, look) {
  const step = size.frame / 16;
  context.strokeStyle = css(look.page_grid);
  context.lineWidth = Math.max(1, size.frame / 700);
  context.beginPath();
  for (let x = (0.5 * size.width) % step; x < size.width; x += step) { context.moveTo(x, 0); context.lineTo(x, size.height); }
  for (let y = (0.5 * size.height) % step; y < size.height; y += step) { context.moveTo(0, y); context.lineTo(size.width, y); }
  context.stroke();
}

/* The row of the horizon: the camera is upright, so that it is level. */
function horizonOf(camera) {
  return camera.y + (camera.focal * camera.forward[1]) / camera.up[1];
}

function drawGround(context, size, camera, look) {
  const horizon = horizonOf(camera);
  if (horizon >= size.height) return;
  const top = Math.max(horizon, 0);
  const fade = context.createLinearGradient(0, horizon, 0, Math.max(size.height, horizon + 1));
  for (let k = 0; k <= 16; k++) {
    const share = (k / 16) ** 2;
    const slope = (camera.y - (horizon + share * (size.height - horizon))) / camera.focal;
    const rise = camera.forward[1] + slope * camera.up[1];
    const reach = rise < -1e-6 ? camera.position[1] / -rise : Infinity;
    fade.addColorStop(share, css(mixed(look.page, look.floor, Math.exp(-reach / HAZE))));
  }
  context.fillStyle = fade;
  if (!look.page_grid) context.fillRect(0, top, size.width, size.height - top);
  if (look.grid_cover > 0) drawGrid(context, size, camera, look);
  if (look.horizon_cover > 0 && horizon > 0) {
    const line = Math.max(1, size.frame / 420);
    const sides = context.createLinearGradient(0, 0, size.width, 0);
    for (const [at, share] of [[0, 0.15], [0.5, 1], [1, 0.15]]) sides.addColorStop(at, css(look.grid, 0.6 * share * look.horizon_cover));
    context.fillStyle = sides;
    context.fillRect(0, horizon - 0.5 * line, size.width, line);
  }
}

/* Lines on the floor around where the camera looks, in pieces that fade with their distance. */
function drawGrid(context, size, camera, look) {
  const [x0, z0] = [camera.target[0], camera.target[2]];
  const paths = Array.from({ length: GRID_TONES }, () => new Path2D());
  const count = Math.round(GRID_REACH / GRID_STEP);
  const [cx, cz] = [Math.round(x0 / GRID_STEP), Math.round(z0 / GRID_STEP)];
  const ends = new Float32Array(6), seen = new Float32Array(6);
  for (let line = -count; line <= count; line++) {
    for (let piece = -count; piece < count; piece += 2) {
      for (const across of [false, true]) {
        const fixed = GRID_STEP * ((across ? cz : cx) + line);
        const low = GRID_STEP * ((across ? cx : cz) + piece), high = low + 2 * GRID_STEP;
        ends.set(across ? [low, 0, fixed, high, 0, fixed] : [fixed, 0, low, fixed, 0, high]);
        see(camera, ends, seen);
        if (Math.max(seen[2], seen[5]) < NEAR) continue;
        clipNear(seen, seen);
        const middle = 0.5 * (low + high), off = across ? Math.hypot(fixed - z0, middle - x0) : Math.hypot(fixed - x0, middle - z0);
        const tone = Math.floor(GRID_TONES * Math.exp(-((off / (0.36 * GRID_REACH)) ** 2)));
        if (tone < 1) continue;
        const [a, b] = [project(camera, seen[0], seen[1], seen[2]), project(camera, seen[3], seen[4], seen[5])];
        paths[Math.min(tone, GRID_TONES - 1)].moveTo(a.x, a.y);
        paths[Math.min(tone, GRID_TONES - 1)].lineTo(b.x, b.y);
      }
    }
  }
  context.lineWidth = Math.max(0.75, size.frame / 560);
  context.lineCap = "butt";
  paths.forEach((path, tone) => {
    context.strokeStyle = css(look.grid, (look.grid_cover * tone) / (GRID_TONES - 1));
    context.stroke(path);
  });
}

/* Move whichever end is behind the camera to where the segment comes before it. */
function clipNear(seen, out) {
  const behind = seen[2] < NEAR ? 0 : seen[5] < NEAR ? 3 : -1;
  if (behind < 0) return;
  const other = 3 - behind;
  const share = (NEAR - seen[behind + 2]) / (seen[other + 2] - seen[behind + 2]);
  for (let k = 0; k < 3; k++) out[behind + k] = seen[behind + k] + share * (seen[other + k] - seen[behind + k]);
}
