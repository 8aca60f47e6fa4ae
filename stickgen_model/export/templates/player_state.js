/* What is shown now, and how a link says it: #t=1.2&paused&look=neon&speed=0.5&scene=2 */
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];
const SHOWN = ["captions", "faces", "ground", "shadow"];
const byId = (id) => document.getElementById(id);
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const scenes = DATA.scenes.map((raw) => ({ raw, ready: null }));
const state = {
  scene: 0, time: 0, playing: false, speed: 1, loop: true,
  hand: freshHand(), shownHand: freshHand(), options: { ...DATA.options, camera: "film", smallest: 11, foot: 0 }, theme: "auto", dirty: true, filming: null,
};

function scene() {
  const item = scenes[state.scene];
  if (!item.ready) item.ready = decodeScene(item.raw);
  return item.ready;
}

function wrapTime(time) {
  const length = scene().seconds;
  return ((time % length) + length) % length;
}

function setTime(time) {
  state.time = Math.min(Math.max(time, 0), scene().last);
  state.dirty = true;
}

/* The large button of the beginning goes once somebody has done something. */
function touched() {
  byId("player").classList.add("touched");
}

function setPlaying(playing) {
  if (playing) touched();
  // at the end of a film that is not looped, play begins again
  if (playing && !state.loop && state.time >= scene().last) state.time = 0;
  state.playing = playing;
  byId("player").dataset.playing = playing;
  for (const id of ["play", "big"]) byId(id).setAttribute("aria-label", playing ? "Pause" : "Play");
  state.dirty = true;
}

function setSpeed(speed) {
  state.speed = speed;
  byId("speed").value = String(speed);
}

function stepSpeed(step) {
  setSpeed(SPEEDS[Math.min(Math.max(SPEEDS.indexOf(state.speed) + step, 0), SPEEDS.length - 1)]);
}

function setLoop(loop) {
  state.loop = loop;
  byId("loop").setAttribute("aria-pressed", loop);
}

function setOption(name, value) {
  state.options[name] = value;
  byId("stage").dataset.look = state.options.look;
  byId("stage").dataset.dark = isDark(DATA.looks[state.options.look].page);
  state.dirty = true;
}

function isDark([red, green, blue]) {
  return 0.3 * red + 0.59 * green + 0.11 * blue < 128;
}

function setCamera(camera) {
  state.options.camera = camera;
  resetHand();
}

function resetHand() {
  state.hand = freshHand();
  state.dirty = true;
}

function setTheme(theme) {
  state.theme = theme;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function setScene(number) {
  state.scene = (number + scenes.length) % scenes.length;
  const shown = scene();
  byId("title").textContent = shown.title || "Untitled scene";
  byId("title").title = shown.title;
  byId("place").textContent = `${state.scene + 1} of ${scenes.length}`;
  byId("scrub").max = String(shown.last || 1e-3);
  byId("scrub").disabled = !shown.last;
  byId("cuts").replaceChildren(...shown.cuts.map((cut) => { const mark = document.createElement("i"); mark.style.left = `${(100 * cut) / Math.max(shown.frames - 1, 1)}%`; return mark; }));
  byId("facts").replaceChildren(...Object.entries(shown.facts).flatMap(([name, value]) => [textElement("dt", name.replaceAll("_", " ")), textElement("dd", String(value))]));
  setTime(0);
  resetHand();
}

function textElement(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  element.dir = "auto";
  return element;
}

function readLink() {
  const link = new URLSearchParams(location.hash.slice(1));
  const number = (name, low, high, use) => {
    const value = Number.parseFloat(link.get(name));
    if (Number.isFinite(value)) use(Math.min(Math.max(value, low), high));
  };
  number("scene", 1, scenes.length, (n) => setScene(Math.round(n) - 1));
  if (link.has("paused")) setPlaying(false);
  if (link.has("play")) setPlaying(true);
  if (link.has("t")) touched();
  if (Object.hasOwn(DATA.looks, link.get("look") ?? "")) setOption("look", link.get("look"));
  if (link.get("camera") === "free") setCamera("free");
  if (link.get("loop") === "0") setLoop(false);
  number("t", 0, scene().last, setTime);
  number("speed", SPEEDS[0], SPEEDS[SPEEDS.length - 1], (n) => setSpeed(SPEEDS.reduce((a, b) => (Math.abs(b - n) < Math.abs(a - n) ? b : a))));
  number("yaw", -Math.PI, Math.PI, (n) => { state.hand.yaw = n; });
  number("pitch", -Math.PI / 2, Math.PI / 2, (n) => { state.hand.pitch = n; });
  number("zoom", ...ZOOM, (n) => { state.hand.zoom = n; });
  state.shownHand = { ...state.hand };
  for (const id of ["camera", "look"]) syncChoices(id);
}
