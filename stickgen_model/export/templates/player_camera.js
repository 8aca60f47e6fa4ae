/* A camera told by position, target and field of view (between lower and upper edge), upright;
   what the viewer does by hand is laid over the camera that was planned. */
const NEAR = 0.05;
const ZOOM = [0.25, 4], PITCH = [-0.12, 1.35];

function freshHand() {
  return { yaw: 0, pitch: 0, zoom: 1 };
}

function viewAt(scene, time, plan) {
  const views = scene.views, last = scene.frames - 1;
  if (plan === "free") return freeView(scene);
  const at = Math.min(Math.max(time * scene.fps, 0), last);
  const first = Math.floor(at), u = at - first;
  const next = Math.min(first + 1, last);
  const cut = scene.cuts.includes(next);
  const view = new Array(7);
  for (let k = 0; k < 7; k++) {
    const low = views[first * 7 + k];
    view[k] = cut ? low : low + u * (views[next * 7 + k] - low);
  }
  return view;
}

/* From the front, far enough to show everything that happens. */
function freeView(scene) {
  if (scene.free) return scene.free;
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  scene.places.forEach((value, k) => {
    low[k % 3] = Math.min(low[k % 3], value);
    high[k % 3] = Math.max(high[k % 3], value);
  });
  const middle = low.map((value, k) => 0.5 * (value + high[k]));
  const half = Math.max(0.7, (0.5 * (high[0] - low[0]) + 0.3) / DATA.options.aspect, 0.5 * (high[1] - low[1]) + 0.25);
  const field = (34 * Math.PI) / 180;
  const away = half / Math.tan(0.5 * field) + 0.5 * (high[2] - low[2]);
  scene.free = [middle[0], middle[1] + 0.12 * away, middle[2] + away, ...middle, field];
  return scene.free;
}

/* Share of the film's width between the outermost people of all times. */
function usedWidth(scene, plan) {
  scene.used ??= {};
  if (scene.used[plan]) return scene.used[plan];
  let most = 0.2;
  const seen = new Float32Array(JOINTS * 3);
  for (let t = 0; t < scene.frames; t++) {
    const view = viewAt(scene, t / scene.fps, plan);
    const camera = makeCamera(view, { x: 0, y: 0, height: 2 });
    for (let actor = 0; actor < scene.actors; actor++) {
      const row = (actor * scene.frames + t) * JOINTS * 3;
      see(camera, scene.places.subarray(row, row + JOINTS * 3), seen);
      for (let k = 0; k < seen.length; k += 3) most = Math.max(most, (camera.focal * (Math.abs(seen[k]) + 0.16)) / Math.max(seen[k + 2], NEAR));
    }
  }
  scene.used[plan] = Math.min(most / DATA.options.aspect, 1);
  return scene.used[plan];
}

/* The camera turned around its target, nearer or further, by the viewer's hand. */
function byHand(view, hand) {
  const [x, y, z] = [view[0] - view[3], view[1] - view[4], view[2] - view[5]];
  const level = Math.hypot(x, z), away = Math.hypot(level, y);
  const yaw = Math.atan2(x, z) + hand.yaw;
  const start = Math.atan2(y, level);
  const pitch = Math.min(Math.max(start + hand.pitch, Math.min(start, PITCH[0])), PITCH[1]);
  const far = Math.max(away / hand.zoom, 4 * NEAR);
  const flat = far * Math.cos(pitch);
  const target = [view[3], view[4], view[5]];
  const height = Math.max(target[1] + far * Math.sin(pitch), Math.min(view[1], 0.04));
  return [target[0] + flat * Math.sin(yaw), height, target[2] + flat * Math.cos(yaw), ...target, view[6]];
}

/* `frame`: the part of the canvas in which the picture must fit. */
function makeCamera(view, frame) {
  const away = [view[3] - view[0], view[4] - view[1], view[5] - view[2]];
  const level = Math.max(Math.hypot(away[0], away[2]), 1e-6);
  const length = Math.hypot(level, away[1]);
  const forward = away.map((value) => value / length);
  const right = [-away[2] / level, 0, away[0] / level];
  const up = [
    right[1] * forward[2] - right[2] * forward[1],
    right[2] * forward[0] - right[0] * forward[2],
    right[0] * forward[1] - right[1] * forward[0],
  ];
  const focal = (0.5 * frame.height) / Math.tan(0.5 * view[6]);
  return { position: view.slice(0, 3), right, up, forward, focal, target: view.slice(3, 6), x: frame.x, y: frame.y };
}

/* Places as the camera sees them: right, up, ahead. */
function see(camera, places, out) {
  const [px, py, pz] = camera.position;
  for (let k = 0; k < places.length; k += 3) {
    const x = places[k] - px, y = places[k + 1] - py, z = places[k + 2] - pz;
    out[k] = x * camera.right[0] + y * camera.right[1] + z * camera.right[2];
    out[k + 1] = x * camera.up[0] + y * camera.up[1] + z * camera.up[2];
    out[k + 2] = x * camera.forward[0] + y * camera.forward[1] + z * camera.forward[2];
  }
  return out;
}

/* A seen place on the canvas; `s` is pixels per H there. */
function project(camera, x, y, ahead) {
  const s = camera.focal / ahead;
  return { x: camera.x + x * s, y: camera.y - y * s, s };
}
