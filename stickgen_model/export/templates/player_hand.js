/* The picture under a mouse, a pen or fingers: drag turns, pinch and wheel come nearer, a tap plays. */
const pointers = new Map();
const DRAG_START = 5;  // pixels before a press is a drag
let pressed = null;

function spread() {
  const [a, b] = [...pointers.values()];
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function onDown(event) {
  if (event.button) return;
  const canvas = byId("canvas");
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  pressed = pointers.size === 1 ? { x: event.clientX, y: event.clientY, moved: false } : { ...pressed, moved: true };
}

function onMove(event) {
  const at = pointers.get(event.pointerId);
  if (!at || !pressed) return;
  const [dx, dy] = [event.clientX - at.x, event.clientY - at.y];
  if (!pressed.moved && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < DRAG_START) return;
  pressed.moved = true;
  byId("canvas").classList.add("held");
  const before = pointers.size === 2 ? spread() : 0;
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  if (pointers.size === 2) come(spread() / Math.max(before, 1));
  else if (pointers.size === 1) turn((-dx * 3.2) / byId("canvas").clientHeight, (dy * 2.2) / byId("canvas").clientHeight);
}

function onUp(event) {
  if (!pointers.delete(event.pointerId)) return;
  if (pointers.size) return;
  byId("canvas").classList.remove("held");
  if (pressed && !pressed.moved && event.type === "pointerup") setPlaying(!state.playing);
  pressed = null;
}

function bindHand() {
  const canvas = byId("canvas");
  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(name, onUp);
  canvas.addEventListener("dblclick", resetHand);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    come(Math.exp(-Math.min(Math.max(event.deltaY * (event.deltaMode ? 30 : 1), -240), 240) / 480));
  }, { passive: false });
}

/* What is shown follows the hand within a few frames, so that nothing jumps. */
function followHand(seconds) {
  const share = calm.matches ? 1 : 1 - Math.exp(-seconds / 0.07);
  let moving = false;
  for (const key of ["yaw", "pitch", "zoom"]) {
    const left = state.hand[key] - state.shownHand[key];
    if (Math.abs(left) < 1e-4) { state.shownHand[key] = state.hand[key]; continue; }
    state.shownHand[key] += share * left;
    moving = true;
  }
  return moving;
}
