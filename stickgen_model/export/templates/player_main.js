/* The clock, and everything put together. */
const MAX_RATIO = 2.5, LONGEST_STEP_S = 0.1, FULL_FOOT = 72;
let lastTick = 0;

function fitCanvas(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, MAX_RATIO);
  const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; state.dirty = true; }
  return width > 0 && height > 0;
}

function advance(seconds) {
  if (!state.playing) return;
  const next = state.time + seconds * state.speed;
  if (state.loop) state.time = wrapTime(next);
  else if (next < scene().last) state.time = next;
  else { state.time = scene().last; setPlaying(false); }
  state.dirty = true;
}

function clock(seconds) {
  return `${seconds.toFixed(1)} s`;
}

function showTime() {
  const shown = Math.min(state.time, scene().last), scrub = byId("scrub");
  scrub.value = String(shown);
  scrub.style.setProperty("--done", `${(100 * shown) / Math.max(scene().last, 1e-3)}%`);
  const text = `${shown.toFixed(1)} / ${clock(scene().last)}`;
  if (byId("time").textContent !== text) { byId("time").textContent = text; scrub.setAttribute("aria-valuetext", `${clock(shown)} of ${clock(scene().last)}`); }
}

function tick(now) {
  const seconds = Math.min(Math.max((now - lastTick) / 1000, 0), LONGEST_STEP_S);
  lastTick = now;
  advance(seconds);
  if (followHand(seconds)) state.dirty = true;
  const canvas = byId("canvas");
  if (fitCanvas(canvas) && state.dirty) {
    state.dirty = false;
    const ratio = canvas.width / canvas.clientWidth, foot = document.fullscreenElement ? FULL_FOOT : 0;
    drawPicture(canvas, scene(), state.time, viewNow(), { ...state.options, smallest: 12 * ratio, foot: foot * ratio });
    showTime();
  }
  requestAnimationFrame(tick);
}

function start() {
  byId("scenes").hidden = scenes.length < 2;
  byId("player").classList.toggle("single", scenes.length < 2);
  for (const element of document.querySelectorAll(".many")) element.hidden = scenes.length < 2;
  buildChoices();
  bindControls();
  bindHand();
  bindSave();
  setLoop(true);
  setScene(0);
  setOption("look", DATA.options.look);
  setPlaying(!calm.matches);
  readLink();
  window.addEventListener("hashchange", readLink);
  requestAnimationFrame(tick);
}

start();
